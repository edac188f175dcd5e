/** One attempt at sending an event to a subscription: a POST after the Standard Webhooks specification. */
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import { signingSecrets, type StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import type { HttpRequest } from '#libs/http/http-message.ts';
import type { HttpClient } from '#libs/http/http-client.ts';
import { PermanentStatusError, RetryableStatusError } from '#libs/http/http.errors.ts';
import { buildExcerpt } from '#libs/http/response-excerpt.ts';
import { signatureHeaders } from '#libs/http/standard-webhook.ts';
import { toEventRequest, type SentEvent } from './webhook-request.ts';

/** What came of an attempt; no failure is thrown. */
export interface SendOutcome {
  isDelivered: boolean;
  /** ISO 8601 UTC: when the attempt began. */
  at: string;
  durationMs: number;
  /** HTTP status; null without an answer. */
  status: number | null;
  /** What went wrong, masked; null for a success. */
  error: string | null;
  /** The beginning of the answer, masked. */
  excerpt: string;
  /** How long the receiver asked to be left alone, in milliseconds. */
  retryAfterMs: number | undefined;
}

export interface WebhookSender {
  /**
   * @param timeoutMs for everything, in milliseconds
   * @throws the reason of the signal when it ends the attempt, and nothing else
   */
  send(
    subscription: Pick<StoredSubscription, 'url' | 'format' | 'secrets'>,
    event: SentEvent,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<SendOutcome>;
}

export function createWebhookSender(http: Pick<HttpClient, 'send'>): WebhookSender {
  return {
    async send(subscription, event, timeoutMs, signal) {
      const now = new Date();
      const start = performance.now();
      const request = buildRequest(subscription, event, now, timeoutMs);
      const attempt = (): Pick<SendOutcome, 'at' | 'durationMs'> => ({
        at: now.toISOString(),
        durationMs: Math.round(performance.now() - start),
      });
      try {
        const { status, body } = await http.send(signal === undefined ? request : { ...request, signal });
        const excerpt = buildExcerpt(body, request);
        return { isDelivered: true, ...attempt(), status, error: null, excerpt, retryAfterMs: undefined };
      } catch (error) {
        signal?.throwIfAborted();
        return { isDelivered: false, ...attempt(), ...describeFailure(error) };
      }
    },
  };
}

function buildRequest(
  { url, format, secrets }: Pick<StoredSubscription, 'url' | 'format' | 'secrets'>,
  event: SentEvent,
  at: Date,
  timeoutMs: number,
): HttpRequest {
  const { headers, body } = toEventRequest(event, format);
  const secret = signingSecrets({ secrets }, at.getTime());
  const signature = signatureHeaders({ id: event.eventId, body, secret, at });
  return { url, method: 'POST', headers: { ...headers, ...signature }, body, timeoutMs };
}

function describeFailure(error: unknown): Pick<SendOutcome, 'status' | 'error' | 'excerpt' | 'retryAfterMs'> {
  const answered = error instanceof PermanentStatusError || error instanceof RetryableStatusError ? error : null;
  return {
    status: answered?.status ?? null,
    error: messageOf(error),
    excerpt: answered?.excerpt ?? '',
    retryAfterMs: error instanceof RetryableError ? error.retryAfterMs : undefined,
  };
}
