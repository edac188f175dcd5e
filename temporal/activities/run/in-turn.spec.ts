import { CompleteAsyncError } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { inTurn } from './in-turn.ts';

const attempt = (activityId = '1') =>
  new MockActivityEnvironment({ activityId }, { logger: new DefaultLogger('ERROR') });

/** An activity that ends when it is told to, noting when it begins. */
function held(waitMs?: number) {
  const ends: (() => void)[] = [];
  const activity = inTurn(() => new Promise<void>((resolve) => void ends.push(resolve)), waitMs);
  return { ends, activity };
}

it('lets an attempt begin when the one before it has ended, in the same process', async () => {
  const { ends, activity } = held();
  const first = attempt().run(activity, null);
  const second = attempt().run(activity, null);
  const other = attempt('2').run(activity, null);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  await other;
  expect(ends).toHaveLength(2);
  ends[0]?.();
  await first;
  await expect.poll(() => ends.length).toBe(3);
  ends[2]?.();
  await second;
});

it('lets a third one wait for the second, also when the first has ended before it came', async () => {
  const { ends, activity } = held();
  const first = attempt().run(activity, null);
  const second = attempt().run(activity, null);
  ends[0]?.();
  await first;
  const third = attempt().run(activity, null);
  await expect.poll(() => ends.length).toBe(2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await second;
  await expect.poll(() => ends.length).toBe(3);
  ends[2]?.();
  await third;
});

it('begins none whose own time is over meanwhile', async () => {
  const { ends, activity } = held();
  const first = attempt().run(activity, null);
  const late = attempt();
  const second = late.run(activity, null);
  late.cancel('TIMED_OUT');
  ends[0]?.();
  await first;
  await expect(second).rejects.toBeInstanceOf(CompleteAsyncError);
  expect(ends).toHaveLength(1);
});

it('does not wait for ever for one that does not end', async () => {
  const { ends, activity } = held(20);
  void attempt().run(activity, null);
  const second = attempt().run(activity, null);
  await expect.poll(() => ends.length, { timeout: 60_000 }).toBe(2);
  ends[1]?.();
  await second;
});
