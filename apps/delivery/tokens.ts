/** What Nest injects into the parts of the delivery process where no class names it. */
export const tokens = {
  config: Symbol('config'),
  log: Symbol('log'),
  kafka: Symbol('kafka'),
  kafkaCheck: Symbol('kafka check'),
  producer: Symbol('producer'),
  consumer: Symbol('consumer'),
  lifecycleLog: Symbol('lifecycle log'),
} as const;
