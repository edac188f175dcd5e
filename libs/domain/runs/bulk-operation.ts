/** One command to many runs: all that matched a filter when an administrator asked for it. */
import type { RunRecord, RunStatus } from './run.ts';
import type { WaitReason } from './waits-for.ts';

export const bulkCommands = ['retry', 'cancel', 'release', 'discard'] as const;
export type BulkCommand = (typeof bulkCommands)[number];

/** As callers know it: a run that is claimed is under way for them. */
type ShownStatus = Exclude<RunStatus, 'claimed'>;

/** In which status a run has to be for the command. */
export const statusesFor: Record<BulkCommand, readonly ShownStatus[]> = {
  retry: ['failed'],
  cancel: ['running', 'paused'],
  release: ['held'],
  discard: ['held'],
};

/** The filter of the run log, as callers of the API write it. */
export interface RunSelection {
  rule_id?: string | undefined;
  brand?: string | undefined;
  status?: ShownStatus | undefined;
  trigger?: string | undefined;
  event_id?: string | undefined;
  customer_id?: string | undefined;
  login?: number | undefined;
  waits_for?: WaitReason | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What is asked for; it stays as it is. */
export interface BulkOrder {
  command: BulkCommand;
  selection: RunSelection;
  /** Brands of the runs it may take; null = all of them. */
  brands: string[] | null;
  /** ISO 8601 UTC. A run that was decided, failed or was released later is not taken. */
  until: string;
  /** As many as were counted: no more are taken. */
  expected: number;
  /** Masked. */
  reason: string | null;
  by: string;
  /** Role of the session. */
  role: string;
}

/** `stopping`: the runs under way are finished. */
export const bulkStatuses = ['running', 'stopping', 'completed', 'stopped', 'failed'] as const;
export type BulkStatus = (typeof bulkStatuses)[number];

/** How many runs have which outcome. */
export interface BulkTally {
  done: number;
  skipped: number;
  failed: number;
}

export interface BulkOperation extends BulkOrder, BulkTally {
  bulk_id: string;
  status: BulkStatus;
  /** ISO 8601 UTC, like all times here. */
  created_at: string;
  finished_at: string | null;
  /** Who asked for it to stop. */
  stopped_by: string | null;
  /** Runs taken so far; none is added once `is_collected`. */
  total: number;
  is_collected: boolean;
  /** Why it failed as a whole. */
  error: string | null;
  /** Digest of the request that made it. */
  request: string;
}

/**
 * `pending`: its turn is still to come, or never comes if the operation has ended. `skipped`: the command is none for the
 * run as it is now. `failed`: the run could not be reached.
 */
export const bulkOutcomeStates = ['pending', 'done', 'skipped', 'failed'] as const;
export type BulkOutcomeState = (typeof bulkOutcomeStates)[number];

export interface BulkOutcome {
  run_id: string;
  rule_name: string;
  brand: string | null;
  claimed_at: string;
  state: BulkOutcomeState;
  /** Why it was skipped or failed. */
  code: string | null;
  message: string | null;
  /** The run that goes on with it, after a retry. */
  next_run_id: string | null;
  at: string | null;
}

/** What came of one run. */
export type BulkResult = Pick<BulkOutcome, 'code' | 'message' | 'next_run_id'> & {
  state: Exclude<BulkOutcomeState, 'pending'>;
};

/** Whether the run was in its status before then: what failed or was released while people looked was not counted. */
export function wasSoBefore({ finished_at, guard }: RunRecord, until: string): boolean {
  const since = [finished_at, guard?.resolved_at].filter((time) => time != null);
  return since.every((time) => time < until);
}
