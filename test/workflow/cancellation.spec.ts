import { CancelledFailure } from '@temporalio/common';
import type { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Recording } from './recording-activities.ts';
import { executeRun, timeSkippingEnvironment } from './run-harness.ts';

const notify = { type: 'notify.manager', params: {} };
const webhook = { type: 'webhook.send', params: { url: 'https://hooks.example.com/x' } };
const retryPolicy = { timeout: 60_000 };

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

describe('a cancelled run', () => {
  it('ends its wait, does nothing more, and says that it was cancelled', async () => {
    const recording = new Recording();
    const { error, record, events, handle } = await executeRun(
      environment,
      [notify, { type: 'delay', params: { value: 2, unit: 'days' } }, notify],
      {
        recording,
        meanwhile: async (run) => {
          await vi.waitFor(
            () => expect(recording.records.some(({ run }) => run?.status === 'running')).toBe(true),
            retryPolicy,
          );
          await run.cancel();
        },
      },
    );
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(recording.calls).toHaveLength(1);
    expect(record).toMatchObject({
      status: 'failed',
      error: { code: 'Cancelled', action: 'action-1' },
      actions: [{ status: 'completed' }, { status: 'failed', error: { code: 'Cancelled' } }, { status: 'not_run' }],
    });
    expect(events.at(-1)).toMatchObject({
      eventType: 'WorkflowFailed',
      errorType: 'Cancelled',
      failedNodeId: 'action-1',
      failedNodeType: 'delay',
    });
  });

  it('lets a call that is under way end, keeps its outcome, and starts no other', async () => {
    let release = (): void => undefined;
    const answered = new Promise<void>((resolve) => (release = resolve));
    const recording = new Recording({ webhookSend: () => answered });
    const { record, events } = await executeRun(environment, [webhook, notify], {
      recording,
      meanwhile: async (run) => {
        await vi.waitFor(() => expect(recording.calls).toHaveLength(1), retryPolicy);
        await run.cancel();
        await vi.waitFor(async () => {
          const { events: soFar } = await run.fetchHistory();
          expect(JSON.stringify(soFar)).toContain('workflowExecutionCancelRequestedEventAttributes');
        }, retryPolicy);
        release();
      },
    });
    expect(recording.calls.map(({ activity }) => activity)).toEqual(['webhookSend']);
    expect(record?.actions).toMatchObject([
      { status: 'completed', detail: 'webhookSend done' },
      { status: 'not_run', attempts: 0 },
    ]);
    expect(events.at(-1)).toMatchObject({ errorType: 'Cancelled', failedNodeId: 'action-1' });
  });
});
