import type { Config } from '#libs/config/config.ts';

/** The settings that the API reads. */
export type ApiConfig = Pick<
  Config,
  | 'process'
  | 'temporal'
  | 'store'
  | 'session'
  | 'api'
  | 'console'
  | 'commands'
  | 'bulk'
  | 'rules'
  | 'events'
  | 'accounts'
  | 'subscriptions'
  | 'webhooks'
  | 'files'
  | 'workflowWebhooks'
  | 'kafka'
  | 'hooks'
>;
