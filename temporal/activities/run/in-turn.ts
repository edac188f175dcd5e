/**
 * One attempt after the other: Temporal gives an attempt up that takes too long, and the next may come to the very
 * process in which it still goes on. Waiting for its end repeats nothing.
 */
import { CompleteAsyncError, Context } from '@temporalio/activity';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any call may take: what still goes on then is not a call, and may never end. */
const maxWaitMs = 45_000;

export function inTurn<Input, Result>(
  activity: (input: Input) => Promise<Result>,
  waitMs = maxWaitMs,
): (input: Input) => Promise<Result> {
  const underWay = new Map<string, Promise<unknown>>();
  return async (input) => {
    const { info, cancellationSignal } = Context.current();
    const key = `${info.workflowExecution?.runId ?? ''}/${info.activityId}`;
    const before = underWay.get(key);
    const own = before === undefined ? activity(input) : after(before);
    const settled = own.catch(() => undefined);
    underWay.set(key, settled);
    try {
      return await own;
    } finally {
      if (underWay.get(key) === settled) underWay.delete(key);
    }

    async function after(earlier: Promise<unknown>): Promise<Result> {
      await Promise.race([earlier, sleep(waitMs, undefined, { ref: false })]);
      // Its own time is over meanwhile: Temporal has given it up, and another one is to come.
      if (cancellationSignal.aborted) throw new CompleteAsyncError();
      return activity(input);
    }
  };
}
