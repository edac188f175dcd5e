/** What people may do to runs, for whoever lets them in: the HTTP API, the command line, incoming webhooks. */
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowClient,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Approval, Person } from '#libs/domain/approval.ts';
import type { AuditNote, AuditOperation, OnRecord } from '#libs/domain/audit.ts';
import { messageOf, PermanentError, RetryableError, SignalboxError } from '#libs/domain/errors.ts';
import type { RunRecord } from '#libs/domain/run.ts';
import {
  answerUpdate,
  cancelledBySignal,
  reassignUpdate,
  steerUpdate,
  type AnswerInput,
  type AnswerResult,
  type CancelNote,
  type ReassignInput,
  type Refusal,
  type SteerInput,
} from '#temporal/contract/people.ts';
import { maskText } from '#libs/domain/masking.ts';
import { createRetry, type RetryPorts } from './retry.ts';

/**
 * Each method resolves when the run has taken the command, and throws a PermanentError otherwise: one of the codes of
 * `Refusal`, or `run_not_found`. RetryableError `temporal_unavailable`: nothing is known to have happened, and the same
 * command may be sent again.
 */
export interface RunControl {
  /** The run is found by the token. */
  answer(input: AnswerInput): Promise<AnswerResult>;
  reassign(input: ReassignInput): Promise<void>;
  pause(runId: string, by: Person, reason: string | null): Promise<void>;
  resume(runId: string, by: Person, reason: string | null): Promise<void>;
  cancel(runId: string, by: Person, reason: string | null): Promise<void>;
  /**
   * Goes on with a failed run at the action that failed, with the rule it had: as a run of its own, whose record names
   * the one it goes on with. @returns its id
   */
  retry(runId: string, by: Person, reason: string | null): Promise<string>;
}

export interface RunControlPorts extends RetryPorts {
  client: WorkflowClient;
  approvals: { get(token: string): Promise<Approval | null> };
  onRecord: OnRecord;
}

/** How long a command may take to reach its run and come back, in milliseconds. */
const deadlineMs = 10_000;

export function createRunControl(ports: RunControlPorts): RunControl {
  const { client, approvals, records, onRecord } = ports;
  const retry = createRetry(ports);

  const ask = async <Result>(what: (handle: WorkflowHandle) => Promise<Result>, runId: string): Promise<Result> => {
    try {
      return await client.withDeadline(Date.now() + deadlineMs, () => what(client.getHandle(runId)));
    } catch (error) {
      throw refusalOf(error);
    }
  };

  /** A question of a brand that the person does not work for is as good as none. */
  const questionOf = async ({ token, by }: { token: string; by: Person }): Promise<Approval> => {
    const approval = await approvals.get(token);
    if (approval === null || (by.brands !== undefined && !by.brands.includes(approval.tenant))) {
      throw refused('approval_conflict', 'No run waits for an answer with this token. It is wrong or used');
    }
    return approval;
  };

  const overdue = async (token: string, error: unknown): Promise<unknown> => {
    if (!isOver(error)) return error;
    const approval = await approvals.get(token);
    return approval?.state === 'expired'
      ? refused('approval_expired', `The time to answer was over at ${approval.expires_at ?? ''}`)
      : refused('approval_conflict', 'The run waits for no answer any more: it has ended');
  };

  /** A run that is retried or cancelled cannot look at who asks for it: it is ended, or about to be. */
  const steerable = async (runId: string, { userId, role, brands }: Person): Promise<RunRecord> => {
    const record = await records.get(runId);
    if (record === null || (brands !== undefined && (record.brand === null || !brands.includes(record.brand)))) {
      throw new PermanentError('run_not_found', `There is no run "${runId}"`);
    }
    if (role !== administrator) throw refused('not_entitled', `${userId} is no administrator`);
    return record;
  };

  const steer = async (runId: string, input: SteerInput): Promise<void> => {
    const note = noteOf(`run.${input.what}`, await steerable(runId, input.by), input.by, { reason: input.reason });
    await onRecord(note, () =>
      ask((handle) => handle.executeUpdate<void, [SteerInput]>(steerUpdate, { args: [input] }), runId),
    );
  };

  /** Asks the run that waits for it. */
  const put = async <Result, Input extends { token: string; by: Person }>(
    operation: 'approval.answer' | 'approval.reassign',
    update: string,
    input: Input,
  ): Promise<Result> => {
    const { token, by, ...what } = input;
    const { run_id, tenant: brand } = await questionOf(input);
    return onRecord(noteOf(operation, { run_id, brand }, by, what), async () => {
      try {
        return await ask((handle) => handle.executeUpdate<Result, [Input]>(update, { args: [input] }), run_id);
      } catch (error) {
        throw await overdue(token, error);
      }
    });
  };

  return {
    answer: (given) =>
      put<AnswerResult, AnswerInput>('approval.answer', answerUpdate, { ...given, comment: masked(given.comment) }),
    reassign: (given) =>
      put<void, ReassignInput>('approval.reassign', reassignUpdate, { ...given, reason: masked(given.reason) }),
    pause: (runId, by, reason) => steer(runId, { what: 'pause', by, reason: masked(reason) }),
    resume: (runId, by, reason) => steer(runId, { what: 'resume', by, reason: masked(reason) }),
    async cancel(runId, by, reason) {
      const record = await steerable(runId, by);
      if (record.finished_at !== null) throw refused('run_conflict', `The run has ended: ${record.status}`);
      const note: CancelNote = { by: by.userId, reason: masked(reason) };
      await onRecord(noteOf('run.cancel', record, by, { reason: note.reason }), () =>
        ask(async (handle) => {
          await handle.signal<[CancelNote]>(cancelledBySignal, note);
          await handle.cancel();
        }, runId),
      );
    },
    async retry(runId, by, reason) {
      const record = await steerable(runId, by);
      const why = masked(reason);
      return onRecord(noteOf('run.retry', record, by, { reason: why }), () => retry(record, by.userId, why));
    },
  };
}

function noteOf(
  operation: AuditOperation,
  { run_id, brand }: Pick<RunRecord, 'run_id' | 'brand'>,
  { userId: by }: Person,
  what: object,
): AuditNote {
  return { operation, target: `run/${run_id}`, brand, by, what };
}

/** What people write ends up in Temporal's history, the run log and events. */
function masked(text: string | null): string | null {
  return text === null ? null : maskText(text);
}

const administrator = 'SESSION_ADMIN';
const ended = 'The run has ended, or was never started';

function refusalOf(error: unknown): unknown {
  if (error instanceof SignalboxError) return error;
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    return new PermanentError(error.cause.type ?? 'run_conflict', error.cause.message);
  }
  if (error instanceof WorkflowNotFoundError) return refused('run_conflict', ended);
  return new RetryableError('temporal_unavailable', `The run could not be reached: ${messageOf(error)}`, {
    cause: error,
  });
}

function isOver(error: unknown): boolean {
  return error instanceof PermanentError && error.message === ended;
}

function refused(code: Refusal, message: string): PermanentError {
  return new PermanentError(code, message);
}
