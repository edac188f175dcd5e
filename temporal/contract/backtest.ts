/** Workflow `backtestRule(BacktestInput): BacktestResult`. */
import type { BacktestResult } from '#libs/domain/rules/backtest-result.ts';

export interface BacktestInput {
  /** A `Rule` as JSON text: conditions nest deeper than Temporal's converter bears. */
  candidate: string;
  /** The version it would replace, likewise; null when there is none. */
  stored: string | null;
  /** Milliseconds since 1970: events published since. */
  since: number;
}

/** Kept with the workflow, for those who ask for it. */
export interface BacktestMemo {
  /** Null: the rule is for every brand. */
  brand: string | null;
  by: string;
  rule_id: string | null;
  days: number;
  /** The stored version that the difference is said to; null: none. Absent in backtests from before this was kept. */
  against?: number | null;
}

/** Regular activities on `backtestTaskQueue`. Heartbeats carry a `BacktestProgress`. */
export interface BacktestActivities {
  backtest(input: BacktestInput): Promise<BacktestResult>;
}
