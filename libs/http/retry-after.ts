/** The `Retry-After` header (RFC 9110, section 10.2.3). */

/** A receiver may slow a run down, not park it. */
export const maxRetryAfterMs = 3_600_000;

/** @returns milliseconds from now, at most an hour; undefined when the header is missing or says nothing usable. */
export function retryAfterMs(header: string | string[] | undefined, now: number = Date.now()): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  const delay = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(delay) ? undefined : Math.min(Math.max(delay, 0), maxRetryAfterMs);
}
