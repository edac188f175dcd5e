/** Reads chains of events back: which rules led to an event. */

/** One link of a chain. */
export interface Link {
  eventId: string;
  /** The rule whose action emitted the event; null for an event from outside. */
  ruleId: string | null;
}

/** Ids of events that effects emit are the keys of the effects, of several events with a number each. */
const emitted = /^([A-Za-z0-9._-]{1,64}):.+\/action-\d+(?:\/\d+)?$/s;

/** Whether an action emitted the event of this id. */
export function isEmitted(eventId: string): boolean {
  return emitted.test(eventId);
}

/** @param causation of the event @returns the events that led to it and itself, oldest first */
export function toChain(causation: readonly string[], eventId: string): Link[] {
  return [...causation, eventId].map((id) => ({ eventId: id, ruleId: emitted.exec(id)?.[1] ?? null }));
}
