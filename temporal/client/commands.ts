/**
 * Sends commands of people to runs. A command is valid for a few seconds by the clock of Temporal's server: the clocks of
 * API and server may differ. So a command that was answered as failed can never take effect later, and where it is not
 * known whether it was taken, that is what the caller is told.
 */
import { createHash } from 'node:crypto';
import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowClient,
} from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { messageOf, PermanentError, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { SignalboxErrorCode } from '#libs/domain/errors/error-codes.ts';
import type { Command, Refusal } from '#temporal/contract/run-messages.ts';
import type { ServerClock } from './server-clock.ts';

/** Said of a run that Temporal does not know, or knows as ended. */
export const ended = 'The run has ended, or was never started';

/** Names a command, so that Temporal takes a repeated one once. @param parts that are the same when it is repeated */
export function commandId(...parts: unknown[]): string {
  return createHash('sha256')
    .update(writeJson(parts, { sortKeys: true }))
    .digest('hex');
}

/**
 * @param id of the command; the same for one that is repeated
 * @param timeoutMs how long it may take to reach its run and come back, and is valid
 * @param clock says until when that is
 * @throws PermanentError with the code of the run's `Refusal`; RetryableError `temporal_unavailable` when nothing was done
 *   and nothing will be, `outcome_unknown` when it may have been taken
 */
export async function sendCommand<Result, Input extends Command>(
  client: WorkflowClient,
  runId: string,
  update: UpdateDefinition<Result, [Input]>,
  input: Input,
  { id, timeoutMs, clock }: { id: string; timeoutMs: number; clock: ServerClock },
): Promise<Result> {
  const handle = client.getHandle(runId);
  const deadline = Date.now() + timeoutMs;
  const now = await timeBefore(deadline, runId, clock);
  const left = deadline - Date.now();
  if (left <= 0) throw unreachable('it took too long to answer');
  const args: [Input] = [{ ...input, validUntil: new Date(now + left).toISOString() }];
  try {
    return await client.withDeadline(deadline, () => handle.executeUpdate(update, { args, updateId: id }));
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal !== null) throw refusal;
    clock.forget();
    throw unknownOutcome(error);
  }
}

/** Where no worker answers, nothing has been asked of the run yet. */
async function timeBefore(deadline: number, runId: string, clock: ServerClock): Promise<number> {
  try {
    return await clock.now(runId, deadline);
  } catch (error) {
    throw toRefusal(error) ?? unreachable(messageOf(error), error);
  }
}

/** For what Temporal takes by itself, without the run. @throws as `sendCommand` */
export async function askTemporal<Result>(
  client: WorkflowClient,
  timeoutMs: number,
  what: () => Promise<Result>,
): Promise<Result> {
  try {
    return await client.withDeadline(Date.now() + timeoutMs, what);
  } catch (error) {
    throw toRefusal(error) ?? unanswered(error);
  }
}

/** Of a request, the first and only one, that got no answer: whether it left this process at all. */
export function unansweredCode(error: unknown): 'temporal_unavailable' | 'outcome_unknown' {
  const grpc = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined;
  const wasNeverSent = isGrpcServiceError(grpc) && grpc.details.startsWith('No connection established');
  return wasNeverSent ? 'temporal_unavailable' : 'outcome_unknown';
}

function unanswered(error: unknown): RetryableError {
  const isUnknown = unansweredCode(error) === 'outcome_unknown';
  return isUnknown ? unknownOutcome(error) : unreachable(messageOf(error), error);
}

/** Doing it again is harmless. */
function unknownOutcome(error: unknown): RetryableError {
  const message =
    `Temporal did not answer in time: ${messageOf(error)}. It may or may not have been done: ` +
    'look at what it is about, or send the same once more.';
  return new RetryableError('outcome_unknown', message, { cause: error });
}

/** What the server itself says of an update, as types of failures. */
const byServer = {
  /** The worker that was given it was lost, or took too long: it was refused, and the run knows nothing of it. */
  notProcessed: 'UnprocessedUpdate',
  /** The run took it and was terminated before it could say what became of it. */
  runClosed: 'AcceptedUpdateCompletedWorkflow',
} as const;

/** What the run or Temporal said for certain; null when neither said anything. */
function toRefusal(error: unknown): SignalboxError | null {
  if (error instanceof SignalboxError) return error;
  if (error instanceof WorkflowNotFoundError) return refused('run_conflict', ended);
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return null;
  const { type, message } = error.cause;
  if (type === ('command_expired' satisfies Refusal) || type === byServer.notProcessed) {
    return unreachable(message, error);
  }
  if (type === byServer.runClosed) return unknownOutcome(error.cause);
  // What a run refuses a command with is a code of ours.
  return new PermanentError((type ?? 'run_conflict') as SignalboxErrorCode, message);
}

function unreachable(why: string, cause?: unknown): RetryableError {
  const message = `The run could not be reached, and nothing was done: ${why}`;
  return new RetryableError('temporal_unavailable', message, { cause });
}

function refused(code: Refusal, message: string): PermanentError {
  return new PermanentError(code, message);
}
