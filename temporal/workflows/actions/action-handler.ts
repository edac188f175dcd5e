/** What an action is to a run: a step with a hint for people and a way to execute it. */
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { PendingApproval } from './pending-approval.ts';
import type {
  StateChangeCall,
  ActionResult,
  ActionTarget,
  TriesSoFar,
  WebhookSendInput,
} from '#temporal/contract/activities.ts';

/** What a step may ask of the run it belongs to. */
export interface RunContext {
  /** Writes how far the run has come into the run log; for steps that wait. */
  saveProgress(): Promise<void>;
  /** Says in the Temporal UI what the run waits for. */
  waitsFor(what: string): void;
  /** Index of the action under way. */
  readonly currentAction: number;
  /** People behind the run. */
  readonly initiators: string[];
  /** Of the run; null = none. */
  readonly requestNumber: number | null;
  /** Lets people answer, and says everywhere that the run waits for them. */
  waitForApproval(question: PendingApproval): Promise<void>;
  /** Says everywhere that the run goes on. @param by who responded, or `system` */
  resumeAfter(by: string): Promise<void>;
  /** Resolves when the inbox shows how the question was closed; the run no longer waits. */
  closeApproval(): Promise<void>;
  /** Closes a question whose run ends before an answer, and tells those who were asked where that was wished for. */
  cancelApproval(question: PendingApproval): Promise<void>;
  /** Which operator wants the run to pause before its next action; null = none. */
  readonly pausedBy: string | null;
  /** Shows in the run log that an operator has paused the run, or has resumed it, while an action goes on waiting. */
  showPause(): Promise<void>;
}

export interface ActionContext {
  subject: ActionTarget;
  /** What the run was decided on. Goes into an activity's input, and so into Temporal's history, only where needed. */
  context: RuntimeContext;
  actionType: string;
  /** `2/3 webhook.send hooks.example.com`, shown in the Temporal UI. */
  summary: string;
  run: RunContext;
  /** Attempts before this one. */
  tries: TriesSoFar;
}

export type Params = Record<string, unknown>;

interface Hinted {
  /** A few words on what the action is about to do, for the summary; nothing secret. */
  hint?(params: Params): string;
}

/** A short write to our own store; consecutive ones are executed together. */
export interface StateChangeHandler extends Hinted {
  kind: 'effect';
  /** @throws PermanentError when the params are none this action can be executed with */
  effect(params: Params, subject: ActionTarget): StateChangeCall;
}

/** A call to another system; consecutive ones are made together as long as they are answered at once. */
export interface CallHandler extends Hinted {
  kind: 'call';
  /** @throws PermanentError when the params are none this action can be executed with */
  call(params: Params, subject: ActionTarget, context: RuntimeContext): WebhookSendInput;
}

/** Rules may hold it, runs pass over it. */
export interface DisabledHandler extends Hinted {
  kind: 'disabled';
}

/** Anything that waits: for a time, for another system, for a person. */
export interface WaitingHandler extends Hinted {
  kind: 'waiting';
  /** It takes its time, in which the data of a request may change: the actions after it are rendered again. */
  takesTime?: boolean;
  /**
   * A function that has one thing to wait for hands its promise on: each promise of a workflow costs its worker.
   * @throws PermanentError when the params are none this action can be executed with, or what its activity throws
   */
  perform(params: Params, context: ActionContext): Promise<ActionResult>;
}

export type ActionHandler = StateChangeHandler | CallHandler | DisabledHandler | WaitingHandler;
