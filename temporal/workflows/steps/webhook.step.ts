/** Calls another system: a regular activity on the HTTP task queue, so that a slow receiver holds back nothing else. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { HttpActivities } from '#temporal/contract/activities.ts';
import { httpTaskQueue } from '#temporal/contract/names.ts';
import { webhookPolicy, webhookSlackMs } from '../policies.ts';
import { invalid, optionalInteger, optionalText, requiredText, shown } from './params.ts';
import { completed, type Params, type Step } from './step.ts';

const activities = proxyActivities<HttpActivities>(webhookPolicy);

export const webhookSend: Step = {
  hint: ({ url }) => (typeof url === 'string' ? shown(hostOf(url)) : ''),
  async perform(params, { subject, summary }) {
    const timeoutMs = clampTimeout(optionalInteger(params, 'timeout_ms') ?? 5_000);
    const input = {
      ...subject,
      url: requiredText(params, 'url'),
      method: optionalText(params, 'method') ?? 'POST',
      headers: headersOf(params),
      body: optionalText(params, 'body'),
      timeoutMs,
    };
    const options = {
      summary,
      taskQueue: httpTaskQueue(workflowInfo().taskQueue),
      startToCloseTimeout: timeoutMs + webhookSlackMs,
    };
    return completed(await activities.webhookSend.executeWithOptions(options, [input]));
  },
};

function clampTimeout(ms: number): number {
  return Math.min(30_000, Math.max(1_000, ms));
}

function headersOf({ headers }: Params): Record<string, string> {
  if (headers === undefined || headers === null) return {};
  if (typeof headers !== 'object' || Array.isArray(headers)) throw invalid('headers', 'an object of strings');
  const entries = Object.entries(headers);
  if (entries.some(([, value]) => typeof value !== 'string')) throw invalid('headers', 'an object of strings');
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The host alone: user-info, path and query may hold secrets. */
function hostOf(url: string): string {
  return /^https?:\/\/(?:[^/?#]*@)?([^/?#@:]+)/i.exec(url)?.[1] ?? '';
}
