/**
 * Gives one run the command of a bulk operation, through the services that a single command goes through. It may be
 * repeated: a run that has taken the command from this operation counts as done, one that others were faster with does not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkOperation, BulkOutcome, BulkResult } from '#libs/domain/runs/bulk-operation.ts';
import type { Person } from '#libs/domain/approvals/approval.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { messageOf, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

export interface BulkCommandPorts {
  records: { get(runId: string): Promise<RunRecord | null> };
  control: {
    /** @returns the id of the run that goes on */
    retry(runId: string, by: Person, reason: string | null, key: string): Promise<string>;
    cancel(runId: string, by: Person, reason: string | null, key: string): Promise<void>;
  };
  heldRuns: {
    release(runId: string, by: string): Promise<'released' | 'already_released' | 'refused'>;
    discard(runId: string, by: string): Promise<'discarded' | 'already_discarded'>;
  };
  /** Pause before a run is tried again that could not be reached, in milliseconds; 1000 when left out. */
  pauseMs?: number;
}

/** Of a run that cannot be reached while the store and Temporal are there. */
const maxTries = 3;
const maxMessageLength = 1_000;

/** @throws RetryableError `store_unavailable`: what came of it could not be kept either */
export async function commandRun(
  ports: BulkCommandPorts,
  operation: BulkOperation,
  outcome: Pick<BulkOutcome, 'run_id'>,
): Promise<BulkResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(ports, operation, outcome.run_id);
    } catch (error) {
      if (error instanceof SignalboxError && error.code === 'store_unavailable') throw error;
      const mayPass = error instanceof RetryableError;
      if (!mayPass || tries === maxTries) return toResult(error);
    }
    await sleep((ports.pauseMs ?? 1000) * tries);
  }
}

async function send(ports: BulkCommandPorts, operation: BulkOperation, runId: string): Promise<BulkResult> {
  const { control, heldRuns } = ports;
  const { command, bulk_id, by, role, brands, reason } = operation;
  const person = { userId: by, role, ...(brands !== null && { brands }) };
  if (command === 'retry') {
    return retried(ports, operation, await control.retry(runId, person, reason, bulk_id));
  }
  if (command === 'cancel') {
    await control.cancel(runId, person, reason, bulk_id);
    return done;
  }
  const outcome = await heldRuns[command](runId, by);
  if (outcome === 'refused') return { ...done, state: 'failed', code: 'start_refused' };
  const isDone = outcome === 'released' || outcome === 'discarded';
  return isDone ? done : resolved(ports, operation, runId);
}

const done: BulkResult = { state: 'done', code: null, message: null, next_run_id: null };

/** Whether the retry is this operation's: a person may have asked for it before. */
async function retried(
  { records }: BulkCommandPorts,
  { by, created_at }: BulkOperation,
  next: string,
): Promise<BulkResult> {
  const asked = (await records.get(next))?.interventions?.find(({ what }) => what === 'retry');
  if (asked === undefined || (asked.by === by && asked.at >= created_at)) return { ...done, next_run_id: next };
  const message = `The run has been retried already, as "${next}"`;
  return { state: 'skipped', code: 'run_conflict', message, next_run_id: next };
}

async function resolved(
  { records }: BulkCommandPorts,
  { by, created_at }: BulkOperation,
  runId: string,
): Promise<BulkResult> {
  const guard = (await records.get(runId))?.guard;
  const isOurs = guard?.resolved_by === by && guard.resolved_at !== null && guard.resolved_at >= created_at;
  if (isOurs) return done;
  const message = `The run is held no more: ${guard?.resolved_by ?? 'another'} was faster`;
  return { state: 'skipped', code: 'run_not_held', message, next_run_id: null };
}

/** A refusal says that the run is in another state than it was; anything else, that it could not be done. */
function toResult(error: unknown): BulkResult {
  const isRefusal = error instanceof SignalboxError && !error.retryable && error.code !== 'start_refused';
  return {
    state: isRefusal ? 'skipped' : 'failed',
    code: error instanceof SignalboxError ? error.code : 'internal_error',
    message: shorten(maskText(messageOf(error)), maxMessageLength),
    next_run_id: null,
  };
}
