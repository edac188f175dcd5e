/** Calls another system. */
import { defaultWebhookMethod, webhookRequest } from '#libs/domain/actions/action-params.ts';
import { optionalText, requiredText, shown } from './read-params.ts';
import type { CallHandler } from './action-handler.ts';

export const webhookSend: CallHandler = {
  kind: 'call',
  hint: ({ url }) => shown(readHost(url)),
  call(params, subject) {
    requiredText(params, 'url');
    return { ...subject, ...webhookRequest(params) };
  },
};

/** `webhook`: the same, always POST, to a URL or to an endpoint of the directory. */
export const webhook: CallHandler = {
  kind: 'call',
  hint: ({ url, target }) => shown(target) || shown(readHost(url)),
  call(params, subject, context) {
    const name = optionalText(params, 'target');
    const { timeoutMs, headers, body, url } = webhookRequest(params);
    const request = { ...subject, method: defaultWebhookMethod, headers, body, timeoutMs };
    if (name === null) {
      requiredText(params, 'url');
      return { ...request, url };
    }
    // The endpoint's own body may refer to anything.
    return { ...request, url: '', target: { name, brand: context.brand, needsContext: body === null } };
  },
};

/** The host alone: user-info, path and query may hold secrets. */
function readHost(url: unknown): string | undefined {
  return typeof url === 'string' ? /^https?:\/\/(?:[^/?#]*@)?([^/?#@:]+)/i.exec(url)?.[1] : undefined;
}
