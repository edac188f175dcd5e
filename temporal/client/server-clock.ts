/**
 * The clock of Temporal's server, as the API sees it. Asking a run for it costs a workflow task and shows that a worker
 * has the run. So an answer is good for some time: in between the clock of this process goes on from it.
 */
import { WorkflowUpdateFailedError, type WorkflowClient } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { timeTold, timeUpdate } from '#temporal/contract/run-messages.ts';

export class ServerClock {
  readonly #client: WorkflowClient;
  readonly #trustedMs: number;
  /** What the server said, and when it had said it, by this process's monotonic clock. */
  #reading: { time: number; at: number } | null = null;

  /** @param trustedMs how long a reading is good for, in milliseconds; 0 = it is asked for each time */
  constructor(client: WorkflowClient, trustedMs: number) {
    this.#client = client;
    this.#trustedMs = trustedMs;
  }

  /**
   * @param runId of an open run, which tells the time where it is asked for
   * @param deadline until when to wait for it, milliseconds since the epoch by the clock of this process
   * @returns milliseconds since the epoch by the server's clock, never ahead of it
   * @throws what Temporal's client throws when no worker has the run, or Temporal does not know it
   */
  async now(runId: string, deadline: number): Promise<number> {
    const known = this.#reading;
    if (known !== null && performance.now() - known.at < this.#trustedMs)
      return known.time + performance.now() - known.at;
    const time = await ask(this.#client, runId, deadline);
    this.#reading = { time, at: performance.now() };
    return time;
  }

  /** No worker may be there any more: the next command asks before it is sent. */
  forget(): void {
    this.#reading = null;
  }
}

async function ask(client: WorkflowClient, runId: string, deadline: number): Promise<number> {
  try {
    await client.withDeadline(deadline, () => client.getHandle(runId).executeUpdate(timeUpdate));
  } catch (error) {
    const told = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    if (told instanceof ApplicationFailure && told.type === timeTold) return Date.parse(String(told.details?.[0]));
    throw error;
  }
  throw new PermanentError('run_conflict', 'The run does not tell the time');
}
