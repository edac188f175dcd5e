/** Calls another system: a regular activity, which Temporal hands out again when the worker that has it dies. */
import { proxyActivities } from '@temporalio/workflow';
import { defaultWebhookMethod, webhookRequest } from '#libs/domain/action-params.ts';
import type { HttpActivities } from '#temporal/contract/activities.ts';
import { webhookPolicy, webhookSlackMs } from '../policies.ts';
import { optionalText, requiredText, shown } from './params.ts';
import type { WaitingStep } from './step.ts';

const activities = proxyActivities<HttpActivities>(webhookPolicy);

export const webhookSend: WaitingStep = {
  kind: 'waiting',
  hint: ({ url }) => shown(hostOf(url)),
  perform(params, { subject, summary }) {
    requiredText(params, 'url');
    const request = webhookRequest(params);
    const options = { summary, startToCloseTimeout: request.timeoutMs + webhookSlackMs };
    return activities.webhookSend.executeWithOptions(options, [{ ...subject, ...request }]);
  },
};

/** `webhook`: the same, always POST, to a URL or to an endpoint of the directory. */
export const webhook: WaitingStep = {
  kind: 'waiting',
  hint: ({ url, target }) => shown(target) || shown(hostOf(url)),
  perform(params, { subject, context, summary }) {
    const name = optionalText(params, 'target');
    const { timeoutMs, headers, body, url } = webhookRequest(params);
    const options = { summary, startToCloseTimeout: timeoutMs + webhookSlackMs };
    const request = { ...subject, method: defaultWebhookMethod, headers, body, timeoutMs };
    if (name === null) {
      requiredText(params, 'url');
      return activities.webhookSend.executeWithOptions(options, [{ ...request, url }]);
    }
    // The endpoint's own body may refer to anything.
    const target = { name, brand: context.brand, context: body === null ? context : null };
    return activities.webhookSend.executeWithOptions(options, [{ ...request, url: '', target }]);
  },
};

/** The host alone: user-info, path and query may hold secrets. */
function hostOf(url: unknown): string | undefined {
  return typeof url === 'string' ? /^https?:\/\/(?:[^/?#]*@)?([^/?#@:]+)/i.exec(url)?.[1] : undefined;
}
