/** Who is sent the lifecycle events of runs as webhooks, and which of them. */
import type { KeptEvent, LifecycleType } from '../runs/lifecycle-log.ts';

/**
 * How an event is written into a request: as a CloudEvent 1.0 in structured or in binary mode, or as the
 * `{ type, timestamp, data }` of the Standard Webhooks specification.
 */
export const subscriptionFormats = ['cloudevents', 'cloudevents-binary', 'plain'] as const;
export type SubscriptionFormat = (typeof subscriptionFormats)[number];

export type SubscriptionStatus = 'active' | 'paused' | 'disabled';

/** What subscribers and administrators see; the secrets are shown once. */
export interface Subscription {
  subscription_id: string;
  /** What it is for, such as `billing`. */
  name: string;
  url: string;
  /** The only events it is sent; null = all five. */
  types: LifecycleType[] | null;
  /** The only rule whose runs it is sent; null = all. */
  rule_id: string | null;
  /** The only brands whose runs it is sent; null = all. */
  brands: string[] | null;
  format: SubscriptionFormat;
  status: SubscriptionStatus;
  /** Why it is disabled: the receiver answered 410 (`gone`), or failed for too long (`failing`). */
  disabled_reason: 'gone' | 'failing' | null;
  /** ISO 8601 UTC, as all times here. */
  created_at: string;
  /** User who made it, and who is warned when it fails. */
  created_by: string;
  updated_at: string;
  /** Failures in a row that count: each lies long enough behind the one before. 0 after a success. */
  failures: number;
  /** When the last of them was. */
  failed_at: string | null;
  /** Until then the receiver asked to be left alone (429, `Retry-After`). */
  not_before: string | null;
}

export interface SubscriptionSecret {
  /** `whsec_` and the key in base64. */
  secret: string;
  created_at: string;
  /** Until when it signs beside its successor; null = it is the present one. */
  ends_at: string | null;
}

export interface StoredSubscription extends Subscription {
  /** The present one first; at most two. */
  secrets: SubscriptionSecret[];
  /** When secrets were rotated, as long as it counts against the limit. */
  rotated_at: string[];
}

/** Whether the event is one of those the subscription is for, whatever its status. */
export function isSubscribedTo(
  { types, rule_id, brands }: Pick<Subscription, 'types' | 'rule_id' | 'brands'>,
  { type, processId, tenantId }: Pick<KeptEvent, 'type' | 'processId' | 'tenantId'>,
): boolean {
  return (
    (types === null || types.includes(type)) &&
    (rule_id === null || rule_id === processId) &&
    (brands === null || brands.includes(tenantId))
  );
}

/** The secrets that sign at this time, the present one first. @param at milliseconds since 1970 */
export function signingSecrets({ secrets }: Pick<StoredSubscription, 'secrets'>, at: number): string[] {
  return secrets.filter(({ ends_at }) => ends_at === null || Date.parse(ends_at) > at).map(({ secret }) => secret);
}

export interface Subscriptions {
  /** @throws PermanentError `too_many_subscriptions` when there are `most` of them */
  add(subscription: StoredSubscription, most: number): Promise<void>;
  get(subscriptionId: string): Promise<StoredSubscription | null>;
  /**
   * Optimistic: `change` is called again when another change came first.
   * @param change pure; null = as it is
   * @returns what is stored now; null where there is none
   */
  change(
    subscriptionId: string,
    change: (stored: StoredSubscription) => StoredSubscription | null,
  ): Promise<StoredSubscription | null>;
  /** @returns false where there was none */
  remove(subscriptionId: string): Promise<boolean>;
  /** Another one after each change, for those who keep copies. */
  revision(): Promise<number>;
  all(): Promise<StoredSubscription[]>;
}
