import { describe, expect, it } from 'vitest';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import { runningPatch } from '#libs/domain/testing/samples.ts';
import { recordRunActivity } from './record-run.activity.ts';

const started: LifecycleDraft = {
  eventType: 'WorkflowStarted',
  sequence: 0,
  executionId: 'r-1:e-1',
  processId: 'r-1',
  tenantId: 'acme',
  occurredAt: '2026-01-05T10:00:00.000Z',
  startedAt: '2026-01-05T10:00:00.000Z',
  triggeredBy: 'system',
  triggerPayload: { amount: 5, api_key: 'sk-0123456789abcdef' },
};

function setUp(write: () => Promise<void> = () => Promise.resolve()) {
  const done: unknown[] = [];
  const record = recordRunActivity({
    approvals: { cancelOpen: () => Promise.resolve() },
    runs: {
      record: async (id, _patch, event) => {
        await write();
        done.push(`wrote ${id}`);
        return { ended: null, isNew: false, event };
      },
      ending: () => Promise.resolve(null),
      nextSequence: () => Promise.resolve(1),
    },
    lifecycle: { publish: (drafts) => Promise.resolve(void done.push(...drafts)) },
  });
  return { done, record };
}

describe('recordRun', () => {
  it('writes the record before it publishes', async () => {
    const { done, record } = setUp();
    await record({ executionId: 'r-1:e-1', run: runningPatch, events: [started] });
    expect(done).toMatchObject(['wrote r-1:e-1', { eventType: 'WorkflowStarted' }]);
  });

  it('publishes the payload of the trigger masked', async () => {
    const { done, record } = setUp();
    await record({ executionId: 'r-1:e-1', run: null, events: [started] });
    expect(JSON.stringify(done)).not.toContain('0123456789');
    expect(done).toMatchObject([{ triggerPayload: { amount: 5 } }]);
  });

  it('publishes nothing while the record cannot be written', async () => {
    const { done, record } = setUp(() => Promise.reject(new Error('store away')));
    await expect(record({ executionId: 'r-1:e-1', run: runningPatch, events: [started] })).rejects.toThrow(
      'store away',
    );
    expect(done).toEqual([]);
  });

  it('publishes and fails for a run that has no record', async () => {
    const { done, record } = setUp(() => Promise.reject(new PermanentError('run_not_found', 'no such run')));
    await expect(record({ executionId: 'r-1:e-1', run: runningPatch, events: [started] })).rejects.toThrow(
      'no such run',
    );
    expect(done).toHaveLength(1);
  });

  it('publishes the end that the record holds, not the one it was given', async () => {
    const ended = {
      status: 'completed',
      finished_at: '2026-01-05T10:00:05.000Z',
      duration_ms: 5,
      error: null,
    } as const;
    const done: LifecycleDraft[] = [];
    const record = recordRunActivity({
      approvals: { cancelOpen: () => Promise.resolve() },
      runs: {
        record: () => Promise.resolve({ ended: { ...ended, actions: [] }, isNew: false, event: null }),
        ending: () => Promise.resolve(null),
        nextSequence: () => Promise.resolve(1),
      },
      lifecycle: { publish: (drafts) => Promise.resolve(void done.push(...drafts)) },
    });
    const error = { code: 'http_status', message: '503', action: 'action-0' };
    const failed: LifecycleDraft = {
      ...started,
      eventType: 'WorkflowFailed',
      failedNodeId: 'action-0',
      failedNodeType: 'webhook.send',
      errorMessage: '503',
      errorType: 'http_status',
      failedAt: '2026-01-05T10:00:09.000Z',
    };
    const result = await record({
      executionId: 'r-1:e-1',
      run: { ...runningPatch, status: 'failed', error },
      events: [failed],
    });
    expect(result).toEqual({ outcome: { status: 'completed', durationMs: 5, error: null } });
    expect(done).toMatchObject([{ eventType: 'WorkflowCompleted', completedAt: ended.finished_at, durationMs: 5 }]);
  });
});
