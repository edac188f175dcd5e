/** What a caller of a workflow webhook shows: an API key or a session token, in headers alone, never in an address. */
import type { IncomingMessage } from 'node:http';

export interface ShownKey {
  key: string | null;
  /** There are several that differ: one of two could belong to another caller. */
  isAmbiguous: boolean;
}

/** `Authorization`, bare or as `Bearer …`, or `x-api-key`. */
export function readApiKey({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): ShownKey {
  const keys = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const value = rawHeaders[index + 1]!.trim();
    if (name === 'x-api-key') keys.add(value);
    if (name === 'authorization') keys.add(value.replace(/^Bearer(?: +|$)/i, ''));
  }
  keys.delete('');
  const [key = null, ...others] = keys;
  return { key, isAmbiguous: others.length > 0 };
}

/** @returns null without one. Of several, which Node joins, the whole is no token. */
export function readSessionToken({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  const token = headers['x-session-token'];
  return typeof token === 'string' && token !== '' ? token : null;
}
