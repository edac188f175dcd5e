/** What people may do to runs, for whoever lets them in: the HTTP API, the command line, incoming webhooks. */
import type { Person } from '#libs/domain/approval.ts';
import type { AnswerInput, AnswerResult, ReassignInput } from '#temporal/contract/people.ts';

/**
 * Each method resolves when the run has taken the command, and throws a PermanentError otherwise: one of the codes of
 * `Refusal`, or `run_not_found`, `approval_not_found`. RetryableError `temporal_unavailable`: nothing is known to have
 * happened, and the same command may be sent again.
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
