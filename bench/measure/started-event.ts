/** A lifecycle event as the worker publishes it, of a run that is not there. */
import { buildStartedEvent } from '#libs/domain/runs/run-start.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';

export function startedEvent(ruleId: string, n: number): { key: string; value: unknown } {
  const executionId = `${ruleId}:stream-${n}`;
  const at = new Date().toISOString();
  const context = { brand: 'acme', event: { amount: 10_000, n } };
  const rule = { id: ruleId, name: ruleId, version: 1, priority: 0, actions: [] };
  const run = { executionId, rule, tenant: 'acme', triggeredBy: 'system', context };
  return { key: executionId, value: toCloudEvent(buildStartedEvent(run as never, at)) };
}
