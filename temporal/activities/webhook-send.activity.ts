/** Actions `webhook.send` and `webhook`: one outbound request. Any 2xx answer is success, everything else fails it. */
import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { messageOf, SignalboxError } from '#libs/domain/errors.ts';
import { maskText } from '#libs/domain/masking.ts';
import type { HttpClient } from '#libs/http/http-client.ts';
import { describeRequest } from '#libs/http/http.errors.ts';
import type { HttpActivities, WebhookSendInput } from '#temporal/contract/activities.ts';

export interface WebhookSendDependencies {
  http: Pick<HttpClient, 'send'>;
  log?: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** Most calls end sooner and cost the server no heartbeat; a longer one learns of its cancellation this way. */
const heartbeatMs = 5000;
/** Many receivers keep no longer key. */
const longestKey = 255;

/**
 * Sends method, headers and body as the rule gives them and adds `idempotency-key`, the same on every attempt of the
 * step, unless the rule has its own. Throws what `HttpClient.send` throws, and Temporal's CancelledFailure when the
 * activity is cancelled; `failure.ts` turns the former into what Temporal records.
 */
export function createWebhookSend({ http, log }: WebhookSendDependencies): HttpActivities['webhookSend'] {
  return async (input) => {
    const { cancellationSignal, heartbeat, info } = Context.current();
    const beat = setInterval(heartbeat, heartbeatMs);
    const fields = { runId: input.executionId, ruleId: input.ruleId, eventId: input.eventId, attempt: info.attempt };
    try {
      const { status, durationMs } = await http.send({
        url: input.url,
        method: input.method,
        headers: withIdempotencyKey(input),
        body: input.body,
        timeoutMs: input.timeoutMs,
        signal: cancellationSignal,
      });
      const detail = `${describeRequest(input)} → ${status} in ${durationMs} ms`;
      log?.info({ ...fields, status, durationMs }, detail);
      return { detail };
    } catch (error) {
      const code = error instanceof SignalboxError ? error.code : undefined;
      log?.warn({ ...fields, code }, maskText(messageOf(error)));
      throw error;
    } finally {
      clearInterval(beat);
    }
  };
}

function withIdempotencyKey(input: WebhookSendInput): Record<string, string> {
  const given = Object.keys(input.headers).some((name) => name.toLowerCase() === 'idempotency-key');
  return given ? input.headers : { ...input.headers, 'idempotency-key': headerSafe(input.key) };
}

/** Event ids come from outside and may hold what no header may: such a key is sent as its digest. */
function headerSafe(key: string): string {
  return key.length <= longestKey && /^[\x21-\x7e]+$/.test(key) ? key : createHash('sha256').update(key).digest('hex');
}
