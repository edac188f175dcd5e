/**
 * Reads the parameters of actions as they act at run time. The workflow sandbox uses this file: it imports nothing.
 * Stored rules keep their parameters as written; defaults and clamps are applied here, in one place.
 */

export const webhookTimeout = { minMs: 1000, maxMs: 30_000, defaultMs: 5000 } as const;
export const webhookMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const defaultWebhookMethod = 'POST';

const minute = 60_000;
/** Milliseconds of one unit of a delay. */
export const delayUnits = { minutes: minute, hours: 60 * minute, days: 24 * 60 * minute } as const;
export const maxDelayMs = 365 * delayUnits.days;

/** @param ms the rule's `timeout_ms`; anything but a number acts as the default. @returns 1000..30000, whole milliseconds. */
export function clampTimeout(ms: unknown): number {
  if (typeof ms !== 'number' || Number.isNaN(ms)) return webhookTimeout.defaultMs;
  return Math.trunc(Math.min(Math.max(ms, webhookTimeout.minMs), webhookTimeout.maxMs));
}

/**
 * @param span `{ value, unit }` of a validated `delay` or `due_in`
 * @returns milliseconds, at most 365 days
 * @throws RangeError when it is none: waiting zero or for ever would both be wrong
 */
export function spanMilliseconds({ value, unit }: Record<string, unknown>): number {
  const unitMs = unit === 'minutes' || unit === 'hours' || unit === 'days' ? delayUnits[unit] : undefined;
  if (unitMs === undefined) throw new RangeError('unit must be minutes, hours or days');
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw new RangeError('value must be a whole number of at least 1');
  }
  const ms = value * unitMs;
  if (ms > maxDelayMs) throw new RangeError('it must be at most 365 days');
  return ms;
}

export interface WebhookRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  /** Milliseconds, clamped. */
  timeoutMs: number;
}

/** @param params those of a validated `webhook.send` or `webhook`. @returns the request to send, with defaults filled in. */
export function webhookRequest(params: Record<string, unknown>): WebhookRequest {
  const { url, method, headers, body, timeout_ms } = params;
  return {
    url: String(url),
    method: typeof method === 'string' ? method : defaultWebhookMethod,
    headers: typeof headers === 'object' && headers !== null ? { ...(headers as Record<string, string>) } : {},
    body: typeof body === 'string' ? body : null,
    timeoutMs: clampTimeout(timeout_ms),
  };
}
