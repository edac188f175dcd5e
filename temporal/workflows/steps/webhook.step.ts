/** Calls another system: a regular activity on the HTTP task queue, so that a slow receiver holds back nothing else. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { webhookRequest } from '#libs/domain/action-params.ts';
import type { HttpActivities } from '#temporal/contract/activities.ts';
import { httpTaskQueue } from '#temporal/contract/names.ts';
import { webhookPolicy, webhookSlackMs } from '../policies.ts';
import { requiredText, shown } from './params.ts';
import { completed, type WaitingStep } from './step.ts';

const activities = proxyActivities<HttpActivities>(webhookPolicy);

export const webhookSend: WaitingStep = {
  kind: 'waiting',
  hint: ({ url }) => shown(hostOf(url)),
  async perform(params, { subject, summary }) {
    requiredText(params, 'url');
    const request = webhookRequest(params);
    const options = {
      summary,
      taskQueue: httpTaskQueue(workflowInfo().taskQueue),
      startToCloseTimeout: request.timeoutMs + webhookSlackMs,
    };
    return completed(await activities.webhookSend.executeWithOptions(options, [{ ...subject, ...request }]));
  },
};

/** The host alone: user-info, path and query may hold secrets. */
function hostOf(url: unknown): string | undefined {
  return typeof url === 'string' ? /^https?:\/\/(?:[^/?#]*@)?([^/?#@:]+)/i.exec(url)?.[1] : undefined;
}
