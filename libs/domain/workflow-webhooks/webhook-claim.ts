/**
 * What makes a repeated report one event. A claim is written before its event is published, and noted as published
 * afterwards, if nothing comes between: a claim without that note is published again, under the same id.
 */
import { sha256 } from '../values/sha256.ts';

export interface WebhookClaim {
  /** `{workflow}/{digest of the idempotency key}` */
  id: string;
  /** Digest of what was reported. */
  payload: string;
  /** The event as it is to be published: its trigger, and its brand, which is part of what names it. */
  trigger: string;
  brand: string | null;
  /** ISO 8601 UTC. */
  at: string;
}

/** Claims that are marked together. */
export const maxMarked = 100;

export interface WebhookClaims {
  /** @returns by index, the claims that were there before, which stay as they are */
  claim(claims: WebhookClaim[]): Promise<Map<number, WebhookClaim>>;
  /** Best effort: nothing depends on it but how often an event is written. @param claimIds no more than `maxMarked` */
  markPublished(claimIds: string[], at: string): Promise<void>;
  isPublished(claimId: string): Promise<boolean>;
  /** @param before ISO 8601 UTC @returns how many were forgotten; 0 = none are left that are older */
  forget(before: string): Promise<number>;
}

/** What names a report within its workflow: the caller's own key, or else what it is about. */
export type IdempotencyKey = { given: string } | { eventType: string; customerId: string; occurredAt: string };

/** @param occurredAt as it was written, so that two of one millisecond are two */
export function keyDigest(key: IdempotencyKey): string {
  const parts = 'given' in key ? ['key', key.given] : ['event', key.eventType, key.customerId, key.occurredAt];
  return sha256(JSON.stringify(parts));
}

export function claimId(workflow: string, digest: string): string {
  return `${workflow}/${digest}`;
}

/**
 * Follows from what is reported, so a report that is repeated after its claim was forgotten is still the same event, and
 * another one under a key that was forgotten is another event.
 */
export function webhookEventId(workflow: string, digest: string, payload: string): string {
  return `wh:${sha256(JSON.stringify([workflow, digest, payload]))}`;
}
