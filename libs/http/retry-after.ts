/** The `Retry-After` header (RFC 9110, section 10.2.3). */

/** A receiver may slow a run down, not park it. */
export const maxRetryAfterMs = 3_600_000;

/**
 * @returns milliseconds from now, more than none and at most an hour; undefined when the header is missing, says nothing
 *   usable, or "now": the usual pause is then in place, since a receiver that could take the call had taken it.
 */
export function retryAfterMs(header: string | string[] | undefined, now: number = Date.now()): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  const delay = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return delay > 0 ? Math.min(delay, maxRetryAfterMs) : undefined;
}
