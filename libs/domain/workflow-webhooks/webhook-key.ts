/**
 * API keys of workflow webhooks. A key is shown once, when it is made; kept is the SHA-256 of its secret, which is drawn
 * from 256 random bits: a slower hash, as for passwords, would protect nothing.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { PermanentError } from '../errors/errors.ts';
import { sha256 } from '../values/sha256.ts';

export interface WebhookKey {
  key_id: string;
  /** ISO 8601 UTC. */
  created_at: string;
  created_by: string;
  /** Until when it is valid beside its successor; null = it is the present one. */
  ends_at: string | null;
}

export interface StoredWebhookKey extends WebhookKey {
  /** SHA-256 of the secret, hex. */
  hash: string;
}

/** Keys that are valid at once, so that one more can always be drawn for a caller who lost his. */
export const maxValidKeys = 5;

const pattern = /^whk_([0-9a-f]{16})_([0-9a-f]{64})$/;
/** Nothing hashes to it. */
const noHash = '0'.repeat(64);

/** @returns a new key: what is shown of it once, and what is kept */
export function drawWebhookKey(by: string, now: Date): { text: string; key: StoredWebhookKey } {
  const key_id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('hex');
  const key = { key_id, hash: sha256(secret), created_at: now.toISOString(), created_by: by, ends_at: null };
  return { text: `whk_${key_id}_${secret}`, key };
}

export function isValidKey({ ends_at }: WebhookKey, at: number): boolean {
  return ends_at === null || Date.parse(ends_at) > at;
}

/**
 * Takes as long whether there is such a key or none, or no keys at all.
 * @param at milliseconds since 1970
 */
export function findValidKey(keys: readonly StoredWebhookKey[], text: string, at: number): StoredWebhookKey | null {
  const [, keyId = '', secret = text] = pattern.exec(text) ?? [];
  const key = keys.find(({ key_id }) => key_id === keyId) ?? null;
  const isRight = timingSafeEqual(Buffer.from(key?.hash ?? noHash, 'hex'), Buffer.from(sha256(secret), 'hex'));
  return key !== null && isRight && isValidKey(key, at) ? key : null;
}

/**
 * The key becomes the present one. Those before it stay valid for `overlapMs`, or for as long as they were to be if that
 * is shorter.
 * @throws PermanentError `too_many_keys`
 */
export function withNewKey(
  keys: readonly StoredWebhookKey[],
  key: StoredWebhookKey,
  overlapMs: number,
  now: Date,
): StoredWebhookKey[] {
  const end = new Date(now.getTime() + overlapMs).toISOString();
  const before = keys
    .map((one) => (one.ends_at === null || one.ends_at > end ? { ...one, ends_at: end } : one))
    .filter((one) => isValidKey(one, now.getTime()));
  if (before.length >= maxValidKeys) {
    throw new PermanentError(
      'too_many_keys',
      `There are ${before.length} valid keys, as many as there may be: revoke one that is not used any more.`,
    );
  }
  return [key, ...before];
}

/** @returns null when there is no such key */
export function withoutKey(keys: readonly StoredWebhookKey[], keyId: string): StoredWebhookKey[] | null {
  const left = keys.filter(({ key_id }) => key_id !== keyId);
  return left.length === keys.length ? null : left;
}
