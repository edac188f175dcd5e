import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lifecycleCloudEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import { Recording } from './recording-activities.ts';
import { executeRun, timeSkippingEnvironment, type FinishedRun } from './run-harness.ts';

const notify = { type: 'notify.manager', params: {} };
const webhook = { type: 'webhook.send', params: { url: 'https://hooks.example.com/x' } };
const refuse = (message: string) => () => {
  throw new RetryableError('webhook_status', message);
};

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const types = ({ events }: FinishedRun) => events.map(({ eventType }) => eventType);

describe('the events of a run', () => {
  it('R-311 R-312 R-316 R-319 says that it started and that it completed, once each', async () => {
    const run = await executeRun(environment, [notify, webhook]);
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    expect(run.events.map(({ sequence }) => sequence)).toEqual([0, 1]);
  });

  it('R-321 R-322 R-323 R-324 says who started it, when, and with what', async () => {
    const input = { triggeredBy: 'alice', context: { brand: 'acme', event: { amount: 5 } } };
    const { events, input: started } = await executeRun(environment, [notify], { input });
    expect(events[0]).toMatchObject({
      eventType: 'WorkflowStarted',
      executionId: started.executionId,
      processId: started.rule.id,
      tenantId: 'acme',
      triggeredBy: 'alice',
      triggerPayload: { amount: 5 },
    });
  });

  it('R-325 R-326 R-327 says how long it took, waits included, and that it was a success', async () => {
    const { events, record } = await executeRun(environment, [{ type: 'delay', params: { value: 3, unit: 'hours' } }]);
    const threeHours = 3 * 3_600_000;
    const last = events.at(-1);
    expect(last).toMatchObject({ eventType: 'WorkflowCompleted', status: 'success', completedAt: record?.finished_at });
    const durationMs = last?.eventType === 'WorkflowCompleted' ? last.durationMs : NaN;
    expect(durationMs).toBeGreaterThanOrEqual(threeHours);
    expect(durationMs).toBeLessThan(threeHours + 30_000);
    expect(record?.duration_ms).toBe(durationMs);
  });

  it('R-313 R-320 R-328 R-329 R-330 says which action failed for good, why and when', async () => {
    const recording = new Recording({ webhookSend: refuse('503 from hooks.example.com') });
    const run = await executeRun(environment, [notify, webhook, notify], { recording });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowFailed']);
    expect(run.events[1]).toMatchObject({
      failedNodeId: 'action-1',
      failedNodeType: 'webhook.send',
      errorMessage: '503 from hooks.example.com',
      errorType: 'webhook_status',
      failedAt: run.record?.finished_at,
    });
  });

  it('R-317 publishes no failure for an attempt that is tried again with success', async () => {
    const recording = new Recording({ webhookSend: (attempt) => (attempt < 3 ? refuse('503')() : undefined) });
    const run = await executeRun(environment, [webhook], { recording });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    expect(run.record?.actions).toMatchObject([{ status: 'completed', attempts: 3 }]);
  });

  it('R-337 R-338 makes every one of them as their contract says', async () => {
    const recording = new Recording({ webhookSend: refuse('no') });
    const [good, bad] = [
      await executeRun(environment, [notify]),
      await executeRun(environment, [webhook], { recording }),
    ];
    const events = [...good.events, ...bad.events];
    expect(events).toHaveLength(4);
    for (const event of events) expect(() => lifecycleCloudEventSchema.parse(toCloudEvent(event))).not.toThrow();
  });

  it('does not begin to end before WorkflowStarted is out', async () => {
    const order: string[] = [];
    const recording = new Recording();
    const plain = { ...recording.activities };
    let attempts = 0;
    recording.activities.recordRun = async (input) => {
      const type = input.events[0]?.eventType ?? 'none';
      if (type === 'WorkflowStarted' && (attempts += 1) < 3) throw new Error('the broker is away');
      order.push(type);
      await plain.recordRun(input);
    };
    await executeRun(environment, [notify], { recording });
    expect(order).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
  });
});
