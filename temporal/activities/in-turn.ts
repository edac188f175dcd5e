/**
 * One attempt after the other: Temporal gives an attempt up that takes too long, and the next may come to the very
 * process in which it still goes on. Waiting for its end costs nothing and repeats nothing.
 */
import { activityInfo } from '@temporalio/activity';

export function inTurn<Input, Result>(activity: (input: Input) => Promise<Result>): (input: Input) => Promise<Result> {
  const underWay = new Map<string, Promise<unknown>>();
  return async (input) => {
    const { workflowExecution, activityId } = activityInfo();
    const key = `${workflowExecution?.runId ?? ''}/${activityId}`;
    const before = underWay.get(key);
    const own = (before ?? Promise.resolve()).then(() => activity(input));
    const settled = own.catch(() => undefined);
    underWay.set(key, settled);
    try {
      return await own;
    } finally {
      if (underWay.get(key) === settled) underWay.delete(key);
    }
  };
}
