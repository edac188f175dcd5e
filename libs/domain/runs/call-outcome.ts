/** What became of a call that was answered and of which Temporal could not be told at once. */
import { reported, type ActionReport } from './action-report.ts';
import type { ActionOutcome, RunAction } from './run.ts';

export interface KeptOutcome {
  /** Idempotency key of the action: a retry of the run has the same. */
  key: string;
  /** Masked. */
  detail?: string;
  report?: ActionReport;
  attempts: number;
  started_at: string;
  finished_at: string;
}

export interface CallOutcomes {
  /** Those that are kept already stay as they are. */
  put(outcomes: readonly KeptOutcome[]): Promise<void>;
  /** @returns those that are known, in the order of their keys */
  get(keys: readonly string[]): Promise<KeptOutcome[]>;
}

export function toKeptOutcome(
  key: string,
  { attempts, started_at, finished_at, ...outcome }: ActionOutcome,
): KeptOutcome {
  const times = { started_at: started_at ?? '', finished_at: finished_at ?? '' };
  return { key, attempts, ...reported(outcome), ...times };
}

export function toActionOutcome(
  index: number,
  type: RunAction['type'],
  { key: _key, ...kept }: KeptOutcome,
): ActionOutcome {
  return { index, type, status: 'completed', ...kept };
}
