/**
 * What people may ask of a run that is under way. Every way in (HTTP, command line, incoming webhooks) goes through
 * these; who may do it is decided by the run itself. A refusal is an ApplicationFailure whose `type` is one of `Refusal`.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  AnswerDecision,
  Approvers,
  ApprovalState,
  Authority,
  ExceptionType,
  Person,
} from '#libs/domain/approvals/approval.ts';
import type { RunData } from '#libs/domain/context/run-data.ts';
import type { ActionOutcome } from '#libs/domain/runs/run.ts';

/** By a person who is asked; refused for others. */
export const answerUpdate = defineUpdate<AnswerResult, [AnswerInput]>('answerApproval');
/** For administrators. */
export const reassignUpdate = defineUpdate<void, [ReassignInput]>('reassignApproval');
/** Leaves a waiting action along its exception path. Who may is decided by the directory, before it is sent. */
export const cancelApprovalUpdate = defineUpdate<void, [CancelApprovalInput]>('cancelApproval');
/** In the name of an administrator. */
export const pauseUpdate = defineUpdate<void, [ControlInput]>('pauseRun');
export const resumeUpdate = defineUpdate<void, [ControlInput]>('resumeRun');

/**
 * Always refused, with an ApplicationFailure whose `type` is `timeTold` and whose first detail is the time by the clock
 * of Temporal's server, ISO 8601 UTC. What is refused leaves no trace in a run. The sender of a command asks for the time
 * first: by that clock the command's `validUntil` is set, and a run without a worker is found out before anything is
 * asked of it.
 */
export const timeUpdate = defineUpdate<void>('tellTime');
export const timeTold = 'TimeTold';

/** The Temporal UI can send these, too. A run pauses before its next action. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
/** Sent just before a cancellation: says who asks for it. The Temporal UI may send anything, or nothing. */
export const cancelledBySignal = defineSignal<[Partial<CancelRequest>?]>('cancelledBy');

/** The outcomes of the run's actions so far. Ended runs answer it, too. */
export const progressQuery = defineQuery<readonly ActionOutcome[]>('progress');

/** The operator who has paused the run and whom it waits for, now or before its next action; null: none. */
export const pausedByQuery = defineQuery<string | null>('pausedBy');

/** What each command says, beside what is to be done. */
export interface Command {
  by: Person;
  /**
   * By the clock of Temporal's server, ISO 8601 UTC: from then on the command counts for nothing, so one whose
   * caller has given up cannot take effect later. Absent in commands that were sent to Temporal by hand.
   */
  validUntil?: string;
}

export interface AnswerInput extends Command {
  /** Correlation token of the question. */
  token: string;
  decision: AnswerDecision;
  comment: string | null;
  /** What the answer brings along; kept with the run. */
  data: Record<string, unknown> | null;
  /** Data of the request that is set with the answer, if it is taken; saved before the update ends, and the run goes on. */
  parameters?: RunData;
}

export interface AnswerResult {
  state: ApprovalState;
  /** How many have approved so far, and how many have to. */
  approved: number;
  required: number;
}

export interface ReassignInput extends Command {
  token: string;
  /** Null: those whom the rule names. */
  approvers: Approvers | null;
  reason: string | null;
  /** Absent: the role of the session decides. */
  authority?: Authority;
}

export interface CancelApprovalInput extends Command {
  token: string;
  type: ExceptionType;
  message: string | null;
  source: string | null;
  authority: Authority;
}

export interface ControlInput extends Command {
  reason: string | null;
}

export interface CancelRequest {
  by: string;
  reason: string | null;
  /** Whether those who are asked by an open approval are told that the run was cancelled. */
  notifiesParticipants?: boolean;
}

/**
 * - `approval_conflict`: the token is wrong or used, the question decided, or this person has answered (HTTP 409)
 * - `approval_expired`: the time to answer is over (410)
 * - `not_entitled`: this person may not do it (403)
 * - `run_conflict`: there is nothing to pause, resume, cancel or retry, since the run is not in that state (409)
 * - `no_exception_path`: the rule defines no exception path for the action (409)
 * - `command_expired`: it came after its `validUntil`, and nothing was done
 * - `invalid_input`: it is not of the form said here (400)
 */
export type Refusal =
  | 'approval_conflict'
  | 'approval_expired'
  | 'not_entitled'
  | 'run_conflict'
  | 'no_exception_path'
  | 'command_expired'
  | 'invalid_input';
