/**
 * Going on with a failed run. The retry is a run of its own, so that every run has one start and one end; it keeps the
 * rule, the context and the idempotency keys of the first one, so nothing that was done is done again. Its record is
 * inserted before it starts, under an id that follows from the run it goes on with: of two retries one wins, and one
 * that was interrupted can be repeated.
 */
import type { Person } from '#libs/domain/approvals/approval.ts';
import { goesBy } from '#libs/domain/access/person-names.ts';
import { buildRetryId } from '#libs/domain/runs/execution-id.ts';
import { messageOf, PermanentError, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { RunNumbers } from '#libs/domain/runs/run-numbers.ts';
import { nodeId, type Intervention, type RunInput, type RunPatch, type RunRecord } from '#libs/domain/runs/run.ts';
import type { RetryStore } from '#libs/store/runs/retry.repository.ts';
import { unansweredCode } from './commands.ts';
import { refusedEnd, type RunStarter } from './run-starter.ts';

export interface RetryPorts {
  records: { get(executionId: string): Promise<RunRecord | null> };
  retries: RetryStore;
  numbers: RunNumbers;
  starter: RunStarter;
  /** Ends the record of a run that Temporal will never take. */
  failRun: (executionId: string, patch: RunPatch) => Promise<void>;
}

/**
 * @returns a function that gives the id of the retry; it throws PermanentError `run_conflict` or `run_not_found`,
 *   RetryableError `temporal_unavailable`, `outcome_unknown`
 */
export function createRetry({ records, retries, numbers, starter, failRun }: RetryPorts) {
  return async (
    failed: RunRecord,
    person: Pick<Person, 'userId' | 'names'>,
    reason: string | null,
  ): Promise<string> => {
    const by = person.userId;
    if (failed.status !== 'failed') {
      throw new PermanentError('run_conflict', `Only a failed run can be retried: this one is ${failed.status}`);
    }
    const input = await retries.inputOf(failed);
    if (input === null) {
      throw new PermanentError('run_not_found', `What run "${failed.run_id}" was started with is known no more`);
    }
    const asked = { what: 'retry', by, reason, at: new Date().toISOString() } as const;
    const [number] = await numbers.take(1);
    const wanted = { ...buildRetry(failed, input, asked), number: number! };
    const id = wanted.executionId;
    const stored = await retries.claim({ ...buildRetryRecord(failed, wanted), interventions: [asked] }, wanted);
    const record = await records.get(id);
    if (record !== null && record.status !== 'claimed') {
      // The caller asks again: it may not know that it was done.
      if (goesBy(person, stored.triggeredBy)) return id;
      throw new PermanentError('run_conflict', `The run has been retried already, as "${id}"`);
    }
    try {
      await starter.start(stored);
    } catch (error) {
      if (!(error instanceof SignalboxError)) {
        const message = `Temporal cannot be reached: ${messageOf(error)}. Retry run "${failed.run_id}" again.`;
        throw new RetryableError(unansweredCode(error), message, { cause: error });
      }
      if (!error.retryable) await failRun(id, refusedEnd(error));
      throw error;
    }
    return id;
  };
}

function buildRetry(failed: RunRecord, input: RunInput, asked: Intervention): RunInput {
  const of = input.retry?.of ?? input.executionId;
  const number = (input.retry?.number ?? 0) + 1;
  const from = firstOpen(failed);
  return {
    ...input,
    executionId: buildRetryId(of, number),
    triggeredBy: asked.by,
    retry: { of, number, from, outcomes: failed.actions.slice(0, from), triggeredBy: input.triggeredBy, asked },
  };
}

/** The action that failed, or before which the run was ended. */
function firstOpen({ actions, error }: RunRecord): number {
  const named = actions.findIndex(({ index }) => nodeId(index) === error?.action);
  if (named >= 0) return named;
  const open = actions.findIndex(({ status }) => status !== 'completed' && status !== 'skipped');
  return Math.max(0, open);
}

function buildRetryRecord(failed: RunRecord, { executionId, number }: RunInput & { number: number }): RunRecord {
  const { guard: _guard, ...record } = failed;
  return {
    ...record,
    run_id: executionId,
    number,
    retry_of: failed.run_id,
    status: 'claimed',
    reason: 'retry',
    claimed_at: new Date().toISOString(),
    started_at: null,
    finished_at: null,
    duration_ms: null,
    error: null,
    actions: [],
  };
}
