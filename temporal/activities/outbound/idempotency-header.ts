import { createHash } from 'node:crypto';

/** Many receivers keep no longer key. */
const maxKeyLength = 255;

/** Event ids come from outside and may hold what no header may: such a key is sent as its digest. */
export function headerSafeKey(key: string): string {
  return key.length <= maxKeyLength && /^[\x21-\x7e]+$/.test(key)
    ? key
    : createHash('sha256').update(key).digest('hex');
}

/** Standard Webhooks signs `id.timestamp.body`: an id with a dot of its own would say more than one thing. */
export function webhookId(key: string): string {
  const safe = headerSafeKey(key);
  return safe.includes('.') ? createHash('sha256').update(key).digest('hex') : safe;
}
