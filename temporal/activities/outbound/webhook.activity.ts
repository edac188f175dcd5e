/** Actions `webhook.send` and `webhook`: one outbound request. Any 2xx answer is success, everything else fails it. */
import { Context } from '@temporalio/activity';
import { messageOf, SignalboxError } from '#libs/domain/errors/errors.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import type { OutboundDirectory } from '#libs/domain/directory/outbound.ts';
import type { HttpClient } from '#libs/http/http-client.ts';
import type { HttpRequest, HttpResponse } from '#libs/http/http-message.ts';
import { describeRequest } from '#libs/http/http.errors.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { ActionResult, WebhookSendInput } from '#temporal/contract/activities.ts';
import { endpointRequest, type Call } from './endpoint-request.ts';
import { headerSafeKey } from './idempotency-header.ts';
import { TriedError } from './tried.ts';

export interface WebhookSendDependencies {
  http: Pick<HttpClient, 'send'>;
  directory: Pick<OutboundDirectory, 'endpoint'>;
  log?: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/**
 * Sends method, headers and body as the rule gives them and adds `idempotency-key`, the same on every attempt of the
 * step, unless the rule has its own. A call that has begun ends by itself, also when the run is cancelled or
 * the process ends, and its outcome is kept.
 * @throws TriedError with what `HttpClient.send` throws; a RetryableError of the store when it cannot be asked for the
 *   endpoint
 */
export function createWebhookSend({ http, directory, log }: WebhookSendDependencies) {
  return async (input: WebhookSendInput, context: RuntimeContext | null = null): Promise<ActionResult> => {
    const { info } = Context.current();
    const fields = { runId: input.executionId, ruleId: input.ruleId, eventId: input.eventId, attempt: info.attempt };
    try {
      const call: Call =
        input.target === undefined ? input : await endpointRequest(input.target, input, context, directory);
      const { status, durationMs } = await tried(http, {
        url: call.url,
        method: call.method,
        headers: withIdempotencyKey(call.headers, input),
        body: call.body,
        timeoutMs: input.timeoutMs,
        name: call.name,
      });
      const detail = `${describeRequest(call)} → ${status} in ${durationMs} ms`;
      log?.info({ ...fields, status, durationMs }, detail);
      const params = { request: describeRequest(call), http_status: status, duration_ms: durationMs };
      return { detail, report: { code: 'webhook_called', params } };
    } catch (thrown) {
      const error = thrown instanceof TriedError ? thrown.cause : thrown;
      const code = error instanceof SignalboxError ? error.code : undefined;
      log?.warn({ ...fields, code }, maskText(messageOf(error)));
      throw thrown;
    }
  };
}

async function tried(http: Pick<HttpClient, 'send'>, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http.send(request);
  } catch (error) {
    throw new TriedError(error);
  }
}

function withIdempotencyKey(headers: Call['headers'], { key }: WebhookSendInput): Call['headers'] {
  const given = Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key');
  return given ? headers : { ...headers, 'idempotency-key': headerSafeKey(key) };
}
