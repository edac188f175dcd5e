/** Actions `webhook.send` and `webhook`: one outbound request. Any 2xx answer is success, everything else fails it. */
import { Context } from '@temporalio/activity';
import { messageOf, SignalboxError } from '#libs/domain/errors.ts';
import { maskText } from '#libs/domain/masking.ts';
import type { OutboundDirectory } from '#libs/domain/outbound.ts';
import type { HttpClient } from '#libs/http/http-client.ts';
import { describeRequest } from '#libs/http/http.errors.ts';
import type { StepResult, WebhookSendInput } from '#temporal/contract/activities.ts';
import { endpointRequest, type Call } from './endpoint-request.ts';
import { headerSafeKey } from './header-safe-key.ts';

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
 * step, unless the rule has its own. Throws what `HttpClient.send` throws, and Temporal's CancelledFailure when the
 * activity is cancelled; `failure.ts` turns the former into what Temporal records.
 */
export function createWebhookSend({ http, directory, log }: WebhookSendDependencies) {
  return async (input: WebhookSendInput): Promise<StepResult> => {
    const { cancellationSignal, info } = Context.current();
    const fields = { runId: input.executionId, ruleId: input.ruleId, eventId: input.eventId, attempt: info.attempt };
    try {
      const call: Call = input.target === undefined ? input : await endpointRequest(input.target, input, directory);
      const { status, durationMs } = await http.send({
        url: call.url,
        method: call.method,
        headers: withIdempotencyKey(call.headers, input),
        body: call.body,
        timeoutMs: input.timeoutMs,
        name: call.name,
        signal: cancellationSignal,
      });
      const detail = `${describeRequest(call)} → ${status} in ${durationMs} ms`;
      log?.info({ ...fields, status, durationMs }, detail);
      return { detail };
    } catch (error) {
      const code = error instanceof SignalboxError ? error.code : undefined;
      log?.warn({ ...fields, code }, maskText(messageOf(error)));
      throw error;
    }
  };
}

function withIdempotencyKey(headers: Call['headers'], { key }: WebhookSendInput): Call['headers'] {
  const given = Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key');
  return given ? headers : { ...headers, 'idempotency-key': headerSafeKey(key) };
}
