/**
 * What people may ask of a run that is under way. Every way in (HTTP, command line, incoming webhooks) goes through
 * these; who may do it is decided by the run itself. A refusal is an ApplicationFailure whose `type` is one of `Refusal`.
 */
import type { AnswerDecision, Approvers, ApprovalState, Person } from '#libs/domain/approval.ts';

/** Update `answerApproval(AnswerInput): AnswerResult`. */
export const answerUpdate = 'answerApproval';
/** Update `reassignApproval(ReassignInput): void`; for administrators. */
export const reassignUpdate = 'reassignApproval';
/** Update `steerRun(SteerInput): void`: pauses or resumes a run in the name of a person. */
export const steerUpdate = 'steerRun';

/** Signals without arguments, which the Temporal UI can send, too. A run pauses before its next action. */
export const pauseSignal = 'pause';
export const resumeSignal = 'resume';
/** Signal `cancelledBy(CancelNote)`, sent just before a cancellation: says who asks for it. */
export const cancelledBySignal = 'cancelledBy';

export interface AnswerInput {
  /** Correlation token of the question. */
  token: string;
  decision: AnswerDecision;
  by: Person;
  comment: string | null;
  /** What the answer brings along; kept with the run. */
  data: Record<string, unknown> | null;
}

export interface AnswerResult {
  state: ApprovalState;
  /** How many have approved so far, and how many have to. */
  approved: number;
  required: number;
}

export interface ReassignInput {
  token: string;
  approvers: Approvers;
  by: Person;
  reason: string | null;
}

export interface SteerInput {
  what: 'pause' | 'resume';
  by: Person;
  reason: string | null;
}

export interface CancelNote {
  by: string;
  reason: string | null;
}

/**
 * - `approval_conflict`: the token is wrong or used, the question decided, or this person has answered (HTTP 409)
 * - `approval_expired`: the time to answer is over (410)
 * - `not_entitled`: this person may not do it (403)
 * - `run_conflict`: there is nothing to pause, resume, cancel or retry, since the run is not in that state (409)
 */
export type Refusal = 'approval_conflict' | 'approval_expired' | 'not_entitled' | 'run_conflict';
