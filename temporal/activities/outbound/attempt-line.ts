/**
 * What Temporal is told of an attempt, with its answer. The SDK's own heartbeats and results go out later, some of them
 * never: it gives up after ten seconds without a server, without an error.
 */
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  type Client,
} from '@temporalio/client';

/** `gone`: the attempt counts no more; another one, or none, is in its place. */
export type Taken = 'taken' | 'gone';

export interface AttemptLine {
  /** Replaces what the next attempt is told of this one. @throws while Temporal cannot be reached */
  heartbeat(details: unknown): Promise<Taken>;
  /** Ends the activity. @throws while Temporal cannot be reached */
  complete(result: unknown): Promise<Taken>;
}

/** Milliseconds. */
const answerWithinMs = 5_000;

export function attemptLines(client: Client): (taskToken: Uint8Array) => AttemptLine {
  const ask = async (call: () => Promise<void>): Promise<Taken> => {
    try {
      await client.withDeadline(Date.now() + answerWithinMs, call);
      return 'taken';
    } catch (error) {
      if (error instanceof ActivityNotFoundError) return 'gone';
      // The answer to a heartbeat that was taken: calls of a run are ended by themselves, never cut off.
      if (error instanceof ActivityCancelledError) return 'taken';
      if (error instanceof ActivityPausedError || error instanceof ActivityResetError) return 'taken';
      throw error;
    }
  };
  return (taskToken) => ({
    heartbeat: (details) => ask(() => client.activity.heartbeat(taskToken, details)),
    complete: (result) => ask(() => client.activity.complete(taskToken, result)),
  });
}
