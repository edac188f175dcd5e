/**
 * What a run tells the process it runs in, for logs and metrics. Calls leave the sandbox when the workflow is activated
 * anew and never during replay; a workflow task that is repeated after a crash repeats them.
 */
import type { ActionOutcome, RunRecord } from '#libs/domain/runs/run.ts';

export interface ActionReport {
  runId: string;
  ruleId: string;
  ruleName: string;
  eventId: string;
  tenant: string;
  /** Actions of the rule. */
  total: number;
  outcome: ActionOutcome;
}

export interface RunReport {
  runId: string;
  ruleId: string;
  ruleName: string;
  eventId: string;
  tenant: string;
  status: 'completed' | 'failed';
  durationMs: number;
  error: RunRecord['error'];
}

/** A type, not an interface: the SDK wants an index signature. */
export type RunSinks = {
  outcomes: {
    /** An action has completed, failed or was skipped. */
    action(report: ActionReport): void;
    /** The run's record and its last event are out. */
    run(report: RunReport): void;
  };
};
