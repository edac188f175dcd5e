/**
 * Keys by which machines have a session, until they are revoked. A key is shown once, when it is made; kept is the
 * SHA-256 of its secret, which is drawn from 256 random bits: a slower hash, as for passwords, would protect nothing.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '../values/sha256.ts';

export interface ApiKey {
  api_key_id: string;
  /** What it is for, such as `nightly import`. */
  name: string;
  role: string;
  /** The only brands its sessions may see; null = all of them. */
  brands: string[] | null;
  /** ISO 8601 UTC, as all times here. */
  created_at: string;
  created_by: string;
  expires_at: string | null;
  revoked_at: string | null;
  revoked_by: string | null;
}

export interface StoredApiKey extends ApiKey {
  /** SHA-256 of the secret, hex. */
  hash: string;
}

const pattern = /^sbk_([0-9a-f]{16})_([0-9a-f]{64})$/;

/**
 * @param request what names the request that makes it; the same request gives the same id, and another secret
 * @returns a new key: what is shown of it once, and what is kept
 */
export function drawApiKey(request: string | null = null): { api_key_id: string; text: string; hash: string } {
  const api_key_id = request === null ? randomBytes(8).toString('hex') : sha256(request).slice(0, 16);
  const secret = randomBytes(32).toString('hex');
  return { api_key_id, text: `sbk_${api_key_id}_${secret}`, hash: sha256(secret) };
}

/** Whether a bearer token is meant to be a key. */
export function isApiKey(text: string): boolean {
  return text.startsWith('sbk_');
}

/** @returns null for what cannot be a key */
export function readApiKey(text: string): { api_key_id: string; secret: string } | null {
  const [, api_key_id, secret] = pattern.exec(text) ?? [];
  return api_key_id === undefined || secret === undefined ? null : { api_key_id, secret };
}

/** @param at milliseconds since 1970 */
export function isUsable({ hash, expires_at, revoked_at }: StoredApiKey, secret: string, at: number): boolean {
  const isRight = timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(sha256(secret), 'hex'));
  return isRight && revoked_at === null && (expires_at === null || Date.parse(expires_at) > at);
}

/** As whom a key acts. People have no such names: a session token with one is refused. */
export function apiKeyUser(apiKeyId: string): string {
  return `${userPrefix}${apiKeyId}`;
}

/** @returns the id of the key that acted, null for a person */
export function apiKeyOfUser(userId: string): string | null {
  return userId.startsWith(userPrefix) ? userId.slice(userPrefix.length) : null;
}

/** Nothing that masking takes for the name of a secret. */
const userPrefix = 'machine:';

/** @returns the users, and for each key among them its creator: what a key does is done by them */
export async function withMakersOfKeys(
  users: readonly string[],
  find: (apiKeyId: string) => Promise<StoredApiKey | null>,
): Promise<string[]> {
  const keys = await Promise.all(users.flatMap((user) => apiKeyOfUser(user) ?? []).map((id) => find(id)));
  return [...users, ...keys.flatMap((key) => key?.created_by ?? [])];
}
