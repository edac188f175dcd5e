/** What Nest injects into the parts of the delivery process where no class names it. */
export const tokens = {
  config: Symbol('config'),
  log: Symbol('log'),
  kafka: Symbol('kafka'),
  kafkaCheck: Symbol('kafka check'),
  producer: Symbol('producer'),
  consumer: Symbol('consumer'),
  lifecycleLog: Symbol('lifecycle log'),
  deadLetterStore: Symbol('dead letter store'),
  registry: Symbol('registry'),
  temporal: Symbol('temporal connection'),
  subscriptions: Symbol('subscriptions'),
  pendingDeliveries: Symbol('pending deliveries'),
  deliveryAttempts: Symbol('delivery attempts'),
  deliveryCursors: Symbol('delivery cursors'),
  /** Workflow ids of the queues that this process works on: `Set<string>`. */
  queuesAtWork: Symbol('queues at work'),
  attemptSlots: Symbol('attempt slots'),
  subscriptionHealth: Symbol('subscription health'),
  /** Wakes the workflow of a queue of waiting events: `(key: DeliveryKey, lookAt?: string) => Promise<void>`. */
  wakeDelivery: Symbol('wake delivery'),
  webhookClient: Symbol('http client of webhooks'),
  webhookSender: Symbol('webhook sender'),
} as const;
