/**
 * Asks Temporal about runs that are open in the run log. It finds what no list shows: a run that was decided and never
 * started, since the ingress that was to start it died or lost sight of it; and one that Temporal closed and whose end
 * signalbox did not see, because the list lagged or nothing looked for long.
 */
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { closeRun, type CloseRunPorts } from './close-run.ts';
import type { RunState } from './closed-runs.ts';
import type { Tally } from './tally.ts';

export interface OpenRunsPorts extends CloseRunPorts {
  records: Pick<RunRecords, 'get' | 'listOpen'>;
  runState(executionId: string): Promise<RunState>;
  /** Starts a run that was decided, unless Temporal has it. `unknown`: what it is to be started with is known no more. */
  restart(record: RunRecord): Promise<'started' | 'already_started' | 'refused' | 'unknown'>;
  /** For how long Temporal knows a run after its end, in milliseconds. */
  retention(): Promise<number>;
  limits: {
    /** Age from which a run is looked at, in milliseconds: a younger one may be about to be started. */
    openAfterMs: number;
    /** Most runs of one look. */
    openRuns: number;
  };
  now(): Date;
}

const pageSize = 200;

/** @param after where to go on; null: at the oldest run. @returns where the next look goes on */
export async function lookAtOpenRuns(after: string | null, ports: OpenRunsPorts, tally: Tally): Promise<string | null> {
  const { records, limits } = ports;
  const before = new Date(ports.now().getTime() - limits.openAfterMs).toISOString();
  let cursor = after;
  for (let left = limits.openRuns; left > 0 && tally.isInTime; left -= pageSize) {
    const limit = Math.min(left, pageSize);
    const page = await records.listOpen(before, { limit, ...(cursor !== null && { cursor }) });
    await mapLimited(page.items, ({ run_id }) => tally.each(run_id, () => lookAt(run_id, ports, tally)));
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return cursor;
}

async function lookAt(executionId: string, ports: OpenRunsPorts, tally: Tally): Promise<void> {
  const state = await ports.runState(executionId);
  if (state === 'open') return;
  if (state !== 'unknown') {
    if (await closeRun(state, ports)) tally.count('closed');
    return;
  }
  // Once more: it may have ended since the list was made.
  const record = await ports.records.get(executionId);
  if (record === null || !['claimed', 'running', 'paused'].includes(record.status)) return;
  const outcome = (await neverStarted(record, ports)) ? await ports.restart(record) : 'unknown';
  if (outcome === 'started') tally.count('started', executionId, 'a run that was decided and never started is started');
  if (outcome === 'unknown') {
    tally.count('unknown', executionId, 'Temporal does not know a run that is open in the run log and may have begun');
  }
}

/** Temporal would still know it. A run that has written anything had begun: it must not begin again. */
async function neverStarted({ status, claimed_at }: RunRecord, ports: OpenRunsPorts): Promise<boolean> {
  if (status !== 'claimed') return false;
  const age = ports.now().getTime() - Date.parse(claimed_at);
  // What is about to be forgotten may be gone already: clocks differ, and so do the lengths of clean-ups.
  return age < 0.9 * (await ports.retention());
}
