import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeRun, timeSkippingEnvironment, type FinishedRun } from './run-harness.ts';

const notify = { type: 'notify.manager', params: {} };
const delay = (value: number, unit: string) => ({ type: 'delay', params: { value, unit } });
const minute = 60_000;

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

/** Milliseconds from the moment the delay began to the moment the next action did. */
function waited({ record }: FinishedRun, index: number): number {
  const [delayed, next] = [record?.actions[index], record?.actions[index + 1]];
  return Date.parse(next?.started_at ?? '') - Date.parse(delayed?.started_at ?? '');
}

describe('a delay', () => {
  it.each([
    ['R-176', 90, 'minutes', 90 * minute],
    ['R-177', 5, 'hours', 5 * 60 * minute],
    ['R-178', 2, 'days', 2 * 24 * 60 * minute],
  ])('%s R-182 R-185 holds the next action back for %d %s: not less, and at most 30 seconds more', async (...row) => {
    const [, value, unit, ms] = row;
    const run = await executeRun(environment, [notify, delay(value, unit), notify]);
    expect(run.record?.actions.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    expect(waited(run, 1)).toBeGreaterThanOrEqual(ms);
    expect(waited(run, 1)).toBeLessThanOrEqual(ms + 30_000);
  });

  it('R-181 lies in a timer of the server, with the run log written before it', async () => {
    const { history, recording } = await executeRun(environment, [notify, delay(1, 'days'), notify]);
    expect(history).toContain('EVENT_TYPE_TIMER_STARTED');
    const progress = recording.records.find(({ run }) => run?.status === 'running');
    expect(progress?.run?.actions).toMatchObject([
      { status: 'completed' },
      { status: 'running', finished_at: null },
      { status: 'not_run' },
    ]);
    expect(progress?.events).toEqual([]);
  });

  it('R-318 publishes no pause', async () => {
    const { events } = await executeRun(environment, [delay(1, 'hours')]);
    expect(events.map(({ eventType }) => eventType)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
  });
});
