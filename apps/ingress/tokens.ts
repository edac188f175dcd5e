/** What Nest injects into the parts of the ingress. */
export const tokens = {
  config: Symbol('config'),
  log: Symbol('log'),
  registry: Symbol('registry'),
  /** AbortSignal: the process begins to end. */
  stopping: Symbol('stopping'),
  kafka: Symbol('kafka'),
  kafkaCheck: Symbol('kafka check'),
  producer: Symbol('producer'),
  consumer: Symbol('consumer'),
  temporal: Symbol('temporal connection'),
  rules: Symbol('rules'),
} as const;
