/**
 * Where a broker's back end reports events: it gets a session token for an API key (the handshake), and posts events
 * with the token.
 */
import type { StoredWebhookKey, WebhookKey } from './webhook-key.ts';

/**
 * `required`: events come with a session token. `disabled`: they come with the API key itself, as older integrations
 * send it, and there is no handshake.
 */
export const tokenExchanges = ['required', 'disabled'] as const;
export type TokenExchange = (typeof tokenExchanges)[number];

/** What administrators see of it. */
export interface WorkflowWebhook {
  /** Part of its addresses, as `ruleIdPattern` has it. */
  id: string;
  name: string;
  description: string;
  /** Whose events come here; null = the brand is found by the event's trading account. */
  brand: string | null;
  enabled: boolean;
  token_exchange: TokenExchange;
  /** Trigger of each type of event that is called otherwise outside. Other types keep their name. */
  event_types: Readonly<Record<string, string>>;
  /** Events a minute, for each API process; null = as many as come. */
  rate_limit: number | null;
  /** Valid keys, the newest first; the keys themselves are shown once. */
  keys: WebhookKey[];
  /** +1 with each change. */
  version: number;
  /** ISO 8601 UTC, as all times here. */
  created_at: string;
  created_by: string;
  updated_at: string;
  updated_by: string;
}

export interface StoredWorkflowWebhook extends Omit<WorkflowWebhook, 'keys'> {
  keys: StoredWebhookKey[];
}

/** The event families of a broker, under the names that it gives them. */
export const usualEventTypes: Readonly<Record<string, string>> = {
  'user.registered': 'customer.registered',
  'user.first_deposit': 'customer.ftd',
  'user.kyc_updated': 'customer.status_changed',
  'user.status_changed': 'customer.status_changed',
};

/** Words of letters, digits, dashes and underscores, with dots between them. */
export const eventTypePattern = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/;
export const maxEventTypeLength = 200;

export function triggerOf({ event_types }: Pick<WorkflowWebhook, 'event_types'>, eventType: string): string {
  return (Object.hasOwn(event_types, eventType) ? event_types[eventType] : undefined) ?? eventType;
}

/** What is shown of it: never the hash of a key. @param at milliseconds since 1970 */
export function toShownWebhook({ keys, ...rest }: StoredWorkflowWebhook, at: number): WorkflowWebhook {
  const valid = keys.filter(({ ends_at }) => ends_at === null || Date.parse(ends_at) > at);
  return { ...rest, keys: valid.map(({ hash: _hash, ...key }) => key) };
}

export interface WorkflowWebhooks {
  /** @returns false when there is one of this id, which stays as it is */
  add(webhook: StoredWorkflowWebhook): Promise<boolean>;
  get(id: string): Promise<StoredWorkflowWebhook | null>;
  /**
   * Optimistic: `plan` is called again when another change came first.
   * @param plan pure; what it throws ends the change
   * @returns what is stored now; null where there is none
   */
  change(
    id: string,
    plan: (stored: StoredWorkflowWebhook) => StoredWorkflowWebhook,
  ): Promise<StoredWorkflowWebhook | null>;
  /** @param check throws where it may not be removed @returns false where there was none */
  remove(id: string, check: (stored: StoredWorkflowWebhook) => void): Promise<boolean>;
  /** Another one after each change, for those who keep copies. */
  revision(): Promise<number>;
  all(): Promise<StoredWorkflowWebhook[]>;
}
