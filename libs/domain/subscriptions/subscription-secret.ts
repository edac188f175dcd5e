/** Secrets that sign the requests to a subscription, after Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
import { randomBytes } from 'node:crypto';
import { PermanentError } from '../errors/errors.ts';
import type { StoredSubscription } from './subscription.ts';

const prefix = 'whsec_';
const drawnBytes = 32;
const leastBytes = 24;
const mostBytes = 64;

const day = 86_400_000;
/** How long a secret signs beside its successor, and over which time rotations are counted. */
const overlapMs = day;
const maxRotations = 10;

export function drawSecret(): string {
  return prefix + randomBytes(drawnBytes).toString('base64');
}

/** @returns what is wrong with it, or null; the secret itself is never part of it */
export function checkSecret(secret: string): string | null {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : '';
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = text !== '' && bytes.toString('base64') === text;
  return isBase64 && bytes.length >= leastBytes && bytes.length <= mostBytes
    ? null
    : `must be ${prefix} and ${leastBytes} to ${mostBytes} bytes in base64 with padding`;
}

/**
 * The secret becomes the present one. The one before it goes on signing for a day, and any before that ends at once.
 * @throws PermanentError `too_many_rotations`
 */
export function withSecret(stored: StoredSubscription, secret: string, now: Date): StoredSubscription {
  const counted = stored.rotated_at.filter((at) => Date.parse(at) > now.getTime() - overlapMs);
  if (counted.length >= maxRotations) throw tooManyRotations(counted[0]!);
  const at = now.toISOString();
  const ends_at = new Date(now.getTime() + overlapMs).toISOString();
  const before = stored.secrets.filter((one) => one.ends_at === null).map((one) => ({ ...one, ends_at }));
  return {
    ...stored,
    secrets: [{ secret, created_at: at, ends_at: null }, ...before],
    rotated_at: [...counted, at],
    updated_at: at,
  };
}

function tooManyRotations(first: string): PermanentError {
  const from = new Date(Date.parse(first) + overlapMs).toISOString();
  const message = `The secret was rotated ${maxRotations} times within 24 hours: it can be again from ${from} on.`;
  return new PermanentError('too_many_rotations', message);
}
