import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '#libs/domain/runs/run-completion.ts';
import { runningPatch } from '#libs/domain/testing/samples.ts';
import type { StateChangeActivities, RecordInput, WriteBatchInput } from '#temporal/contract/activities.ts';
import { writeBatchActivity } from './write-batch.activity.ts';

const subject = {
  key: 'r-1:e-1/0',
  executionId: 'r-1:e-1',
  tenant: 'acme',
  ruleId: 'r-1',
  ruleName: 'Rule',
  eventId: 'e-1',
  customerId: 'c-1',
  login: null,
};
const input: WriteBatchInput = {
  executionId: 'r-1:e-1',
  at: '2026-01-05T10:00:00.000Z',
  before: { run: runningPatch, events: [] },
  started: null,
  steps: [
    { index: 1, type: 'note.add', call: { activity: 'addNote', input: { ...subject, body: 'Paid' } } },
  ] as WriteBatchInput['steps'],
  end: null,
};

function setUp(record: () => Promise<{ outcome: RunOutcome | null }>) {
  const done: string[] = [];
  const addNote: StateChangeActivities['addNote'] = () => Promise.resolve(void done.push('note')).then(() => ({}));
  const executeBatch = writeBatchActivity({
    effects: { addNote } as StateChangeActivities,
    record: (told: RecordInput) => {
      done.push(`told ${told.run?.status ?? ''}`);
      return record();
    },
    runs: { ending: () => Promise.resolve(null) },
  });
  return { done, executeBatch };
}

describe('a batch of writes with something to tell before it', () => {
  it('tells it before the first write', async () => {
    const { done, executeBatch } = setUp(() => Promise.resolve({ outcome: null }));
    expect(await executeBatch(input)).toMatchObject({ outcomes: [{ index: 1, status: 'completed' }], outcome: null });
    expect(done).toEqual(['told running', 'note']);
  });

  it('writes nothing and leaves the telling to the run where it fails', async () => {
    const { done, executeBatch } = setUp(() => Promise.reject(new Error('store away')));
    expect(await executeBatch(input)).toMatchObject({ isWritten: false, outcomes: [], outcome: null });
    expect(done).toEqual(['told running']);
  });

  it('writes nothing where the telling took so long that the run may have been cancelled', async () => {
    const { done, executeBatch } = setUp(() => new Promise((resolve) => setTimeout(resolve, 1_100, { outcome: null })));
    expect(await executeBatch(input)).toMatchObject({ isWritten: true, outcomes: [], outcome: null });
    expect(done).toEqual(['told running']);
  });

  it('writes nothing where the record says that the run has ended', async () => {
    const outcome: RunOutcome = { status: 'completed', durationMs: 5, error: null };
    const { done, executeBatch } = setUp(() => Promise.resolve({ outcome }));
    expect(await executeBatch(input)).toMatchObject({ outcomes: [], outcome });
    expect(done).toEqual(['told running']);
  });
});
