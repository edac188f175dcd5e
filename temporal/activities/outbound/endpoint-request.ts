/** The request of a `webhook` that names an endpoint. Its address and secrets are read here alone. */
import { messageOf, PermanentError } from '#libs/domain/errors/errors.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { Endpoint, OutboundDirectory } from '#libs/domain/directory/outbound.ts';
import { renderAs } from '#libs/domain/templates/render-template.ts';
import { readExpressions } from '#libs/domain/templates/template.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import type { HttpRequest } from '#libs/http/http-message.ts';
import { signatureHeaders } from '#libs/http/standard-webhook.ts';
import type { WebhookSendInput } from '#temporal/contract/activities.ts';
import { webhookId } from './idempotency-header.ts';

export type Call = Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body' | 'name'>;

/**
 * The endpoint's headers come before those of the rule: who may write rules may not change who we are there.
 * @throws PermanentError `endpoint_not_found`, `invalid_endpoint`
 */
export async function endpointRequest(
  target: NonNullable<WebhookSendInput['target']>,
  { key, method, headers, body: given }: WebhookSendInput,
  context: RuntimeContext | null,
  directory: Pick<OutboundDirectory, 'endpoint'>,
): Promise<Call> {
  const endpoint = await directory.endpoint(target.name, target.brand);
  const body = given ?? readBody(endpoint, target.context ?? context);
  const own = endpoint.headers ?? {};
  const signature =
    endpoint.secret === undefined
      ? {}
      : signatureHeaders({ id: webhookId(key), body: body ?? '', secret: endpoint.secret, at: new Date() });
  return {
    url: endpoint.url,
    method,
    headers: { ...without(headers, { ...own, ...signature }), ...without(own, signature), ...signature },
    body,
    name: `endpoint "${endpoint.name}"`,
  };
}

function readBody({ name, body }: Endpoint, context: RuntimeContext | null): string | null {
  if (body === undefined || context === null) return null;
  const text = String(render(name, body)(context));
  if (text.length <= ruleLimits.webhookBody) return text;
  throw invalid(name, `its body gets longer than ${ruleLimits.webhookBody} characters with what the event holds`);
}

function render(name: string, body: string): ReturnType<typeof renderAs> {
  try {
    return renderAs('content', readExpressions(body));
  } catch (error) {
    throw invalid(name, `its body ${messageOf(error)}`);
  }
}

function invalid(name: string, what: string): PermanentError {
  return new PermanentError('invalid_endpoint', `Endpoint "${name}" cannot be called: ${what}`);
}

/** The headers that do not stand among those that count more, however they are written. */
function without(headers: Record<string, string>, stronger: Record<string, string>): Record<string, string> {
  const names = new Set(Object.keys(stronger).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase())));
}
