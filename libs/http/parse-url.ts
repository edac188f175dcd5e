/** Where a call goes: the parts of its URL, read once, so that what is checked and what is called cannot differ. */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { HttpRequest } from './http-message.ts';
import { describeRequest } from './http.errors.ts';

export interface Target {
  /** scheme://host:port */
  origin: string;
  /** Path and query as they go on the wire. */
  path: string;
  /** Basic authorization from the URL's user-info. */
  authorization: string | null;
}

/** @throws PermanentError `webhook_invalid_url` */
export function parseTarget(request: Pick<HttpRequest, 'url' | 'method' | 'name'>): Target {
  const { url } = request;
  // The parser's own error is not kept as the cause: it carries the URL unmasked.
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new PermanentError(
      'webhook_invalid_url',
      `${describeRequest(request)} → not sent: expected an absolute URL that begins with http:// or https://`,
    );
  }
  const { username, password } = parsed;
  return {
    origin: parsed.origin,
    path: parsed.pathname + parsed.search,
    authorization: username === '' && password === '' ? null : basic(username, password),
  };
}

function basic(username: string, password: string): string {
  const credentials = `${unescape(username)}:${unescape(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A `%` that begins no escape stands for itself. */
function unescape(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
