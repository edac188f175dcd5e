/**
 * Reads the parameters of actions as they act at run time. The workflow sandbox uses this file: it imports nothing.
 * Stored rules keep their parameters as written; defaults and clamps are applied here, in one place.
 */

export const webhookTimeout = { minMs: 1000, maxMs: 30_000, defaultMs: 5000 } as const;
export const webhookMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const defaultWebhookMethod = 'POST';

/** @param ms the rule's `timeout_ms`; anything but a number acts as the default. @returns 1000..30000, whole milliseconds. */
export function clampTimeout(ms: unknown): number {
  if (typeof ms !== 'number' || Number.isNaN(ms)) return webhookTimeout.defaultMs;
  return Math.trunc(Math.min(Math.max(ms, webhookTimeout.minMs), webhookTimeout.maxMs));
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
