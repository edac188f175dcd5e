/** Calls another system: a regular activity, which Temporal hands out again when the worker that has it dies. */
import { proxyActivities } from '@temporalio/workflow';
import { webhookRequest } from '#libs/domain/action-params.ts';
import type { HttpActivities } from '#temporal/contract/activities.ts';
import { webhookPolicy, webhookSlackMs } from '../policies.ts';
import { requiredText, shown } from './params.ts';
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

/** The host alone: user-info, path and query may hold secrets. */
function hostOf(url: unknown): string | undefined {
  return typeof url === 'string' ? /^https?:\/\/(?:[^/?#]*@)?([^/?#@:]+)/i.exec(url)?.[1] : undefined;
}
