/** How big a rule may be. Lengths are characters (UTF-16 code units). */

export const ruleLimits = {
  name: 200,
  description: 4000,
  brand: 200,
  triggerEvent: 200,
  /** Greatest number; 0 is the smallest and runs first. */
  priority: 2_147_483_647,
  /** Groups, NOTs and leaves together. Nesting has no limit of its own. */
  conditionNodes: 250_000,
  /** Compiling a pattern takes milliseconds. */
  regexConditions: 200,
  regex: 512,
  fieldPath: 200,
  /** Text in a condition's value. */
  valueText: 4000,
  /** Members of a condition's list. */
  valueItems: 10_000,
  actions: 50,
  /** Greatest `count` of a rule's `limit`. */
  runsPerWindow: 1_000_000,
  /** All actions as JSON: they travel with every run, and Temporal refuses more than 2 MB. */
  actionsJson: 262_144,
  /** Objects and lists inside one another in the parameters of an action. */
  paramsDepth: 32,
  url: 2048,
  endpointName: 200,
  webhookBody: 65_536,
  webhookHeaders: 50,
  webhookHeaderName: 200,
  webhookHeaderValue: 4096,
  notificationTitle: 200,
  notificationMessage: 4000,
  statusCode: 200,
  taskType: 200,
  taskTitle: 200,
  noteBody: 4000,
  counterName: 200,
  /** Added to a counter at once. */
  counterStep: 1_000_000,
  freezeReason: 1000,
  teamId: 200,
  deskCode: 200,
  mailSubject: 300,
  mailHtml: 262_144,
  mailBody: 65_536,
  mailAddress: 254,
  /** Ten parts; providers take no more. */
  smsText: 1600,
  templateCode: 200,
} as const;
