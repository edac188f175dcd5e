/**
 * What people do to a run: the handlers of its updates and signals beside the state they change. A validator refuses
 * before anything is written; the handler looks again, since two commands may be accepted in one workflow task. A command
 * that changes nothing any more, since it was taken before, is taken again: its sender may not know.
 */
import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import { isForBrand, type Approvers, type Person } from '#libs/domain/approvals/approval.ts';
import { goesBy } from '#libs/domain/access/person-names.ts';
import { maxInterventions, type Intervention, type RunInput } from '#libs/domain/runs/run.ts';
import {
  answerUpdate,
  cancelledBySignal,
  pauseSignal,
  pauseUpdate,
  reassignUpdate,
  resumeSignal,
  resumeUpdate,
  timeTold,
  timeUpdate,
  type AnswerInput,
  type AnswerResult,
  type CancelRequest,
  type Command,
  type ReassignInput,
  type ControlInput,
} from '#temporal/contract/run-messages.ts';
import { now } from './action-progress.ts';
import { answerIssue, commandIssue, reassignIssue } from './command-issue.ts';
import type { PendingApproval, Refused } from '../actions/pending-approval.ts';
import { sanitizeComment } from './sanitize-comment.ts';

/** Who signals from the Temporal UI is not known to the run. */
const anOperator = 'operator';
const administrator = 'SESSION_ADMIN';

/** A note of who cancels comes just before the cancellation: after this time it is not about the one that comes, in ms. */
const noteCountsMs = 60_000;

export class RunMessageHandlers {
  readonly #brand: string | null;
  #interventions: Intervention[];
  /** All of them, the newest last: an answer that is repeated may be to one that is closed. */
  readonly #approvals: PendingApproval[] = [];
  #pausedBy: string | null = null;
  #resumedBy: string | null = null;
  #cancelNote: (CancelRequest & { at: number }) | null = null;
  #cancelledAt: number | null = null;

  constructor({ context, retry }: RunInput) {
    this.#brand = context.brand;
    this.#interventions = retry?.asked === undefined ? [] : [retry.asked];
    setHandler(timeUpdate, sayTime, { validator: sayTime });
    setHandler(answerUpdate, (input) => this.#answer(input), {
      validator: (input) => refuse(this.#refuseAnswer(input)),
    });
    setHandler(reassignUpdate, (input) => this.#reassign(input), {
      validator: (input) => refuse(this.#refuseReassign(input)),
    });
    setHandler(pauseUpdate, (input) => this.#pauseRun(input), {
      validator: (input) => refuse(this.#refusePause(input)),
    });
    setHandler(resumeUpdate, (input) => this.#resumeRun(input), {
      validator: (input) => refuse(this.#refuseResume(input)),
    });
    setHandler(pauseSignal, () => this.#pause(anOperator));
    setHandler(resumeSignal, () => this.#resume(anOperator));
    setHandler(cancelledBySignal, (note) => {
      // A signal from the Temporal UI may hold anything, or nothing.
      this.#cancelNote = {
        by: sanitizeComment(note?.by) ?? anOperator,
        reason: sanitizeComment(note?.reason),
        at: Date.now(),
      };
    });
    CancellationScope.current().cancelRequested.catch(() => {
      this.#cancelledAt = Date.now();
    });
  }

  /** Who has paused the run and not resumed it; null when it may go on. */
  get pausedBy(): string | null {
    return this.#pausedBy;
  }

  /** Who resumed it last. */
  get resumedBy(): string {
    return this.#resumedBy ?? anOperator;
  }

  /** Whatever operators have done to the run so far. */
  get interventions(): Intervention[] {
    return this.#interventions;
  }

  /** The run is being cancelled. @returns who asked for it and why, as the end of a sentence */
  cancellationNote(): string {
    const note = this.#cancelNote;
    if (note === null || (this.#cancelledAt ?? Date.now()) - note.at > noteCountsMs) return '';
    this.#cancelNote = null;
    const { by, reason } = note;
    this.#addIntervention({ what: 'cancel', by, reason });
    return ` by ${by}${reason === null ? '' : `: ${reason}`}`;
  }

  /** Lets people answer it, as long as it is open. */
  open(question: PendingApproval): void {
    this.#approvals.push(question);
  }

  #answer(input: AnswerInput): AnswerResult {
    refuse(this.#refuseAnswer(input));
    const { comment, data } = input;
    return this.#get(input.token).answer({ ...input, comment: sanitizeComment(comment), data: data ?? null }, now());
  }

  #refuseAnswer(input: AnswerInput): Refused | null {
    const refused = toRefusal(input, () => answerIssue(input));
    if (refused !== null) return refused;
    return this.#find(input.token)?.refuse(input, now()) ?? (this.#find(input.token) === null ? nothingOpen : null);
  }

  #reassign(input: ReassignInput): void {
    refuse(this.#refuseReassign(input));
    const { approvers, reason } = input;
    this.#get(input.token).reassign(
      { ...input, approvers: wholeApprovers(approvers), reason: sanitizeComment(reason) },
      now(),
    );
  }

  #refuseReassign(input: ReassignInput): Refused | null {
    const refused = toRefusal(input, () => reassignIssue(input));
    if (refused !== null) return refused;
    if (this.#find(input.token)?.isOpen !== true) return nothingOpen;
    return this.#whyNotControlling(input.by);
  }

  #pauseRun(input: ControlInput): void {
    refuse(this.#refusePause(input));
    this.#pause(input.by.userId, sanitizeComment(input.reason));
  }

  #refusePause(input: ControlInput): Refused | null {
    const refused = toRefusal(input) ?? this.#whyNotControlling(input.by);
    if (refused !== null) return refused;
    if (this.#pausedBy === null || goesBy(input.by, this.#pausedBy)) return null;
    return { code: 'run_conflict', message: `The run has been paused by ${this.#pausedBy}` };
  }

  #resumeRun(input: ControlInput): void {
    refuse(this.#refuseResume(input));
    this.#resume(input.by.userId, sanitizeComment(input.reason));
  }

  #refuseResume(input: ControlInput): Refused | null {
    const refused = toRefusal(input) ?? this.#whyNotControlling(input.by);
    if (refused !== null) return refused;
    const hasResumed = this.#resumedBy !== null && goesBy(input.by, this.#resumedBy);
    if (this.#pausedBy !== null || hasResumed) return null;
    return { code: 'run_conflict', message: 'The run is not paused by an operator' };
  }

  #whyNotControlling({ userId, role, brands }: Person): Refused | null {
    if (role === administrator && isForBrand(brands, this.#brand)) return null;
    return { code: 'not_entitled', message: `${userId} is no administrator for the brand of this run` };
  }

  #pause(by: string, reason: string | null = null): void {
    if (this.#pausedBy !== null) return;
    this.#pausedBy = by;
    this.#addIntervention({ what: 'pause', by, reason });
  }

  #resume(by: string, reason: string | null = null): void {
    if (this.#pausedBy === null) return;
    this.#pausedBy = null;
    this.#resumedBy = by;
    this.#addIntervention({ what: 'resume', by, reason });
  }

  #addIntervention(intervention: Omit<Intervention, 'at'>): void {
    this.#interventions = [...this.#interventions, { ...intervention, at: now() }].slice(-maxInterventions);
  }

  #find(token: string): PendingApproval | null {
    return this.#approvals.find(({ approval }) => approval.token === token) ?? null;
  }

  #get(token: string): PendingApproval {
    const question = this.#find(token);
    if (question === null) throw new RangeError('no such question was asked');
    return question;
  }
}

const nothingOpen: Refused = {
  code: 'approval_conflict',
  message: 'The run waits for no answer with this token. It is wrong or used',
};

/** A command sent by hand may lack one of them. */
function wholeApprovers({ roles, users }: Partial<Approvers>): Approvers {
  return { roles: roles ?? [], users: users ?? [] };
}

/** Of a command whatever it asks for. @param issue in the rest of it */
function toRefusal(command: Command, issue: () => string | null = () => null): Refused | null {
  const message = commandIssue(command) ?? issue();
  if (message !== null) return { code: 'invalid_input', message };
  const { validUntil } = command;
  if (validUntil === undefined || Date.now() < Date.parse(validUntil)) return null;
  return { code: 'command_expired', message: `The command was valid until ${validUntil}: nothing was done` };
}

function refuse(refused: Refused | null): void {
  if (refused !== null) throw ApplicationFailure.nonRetryable(refused.message, refused.code);
}

/** Always refused, so that it leaves no trace in the run. */
function sayTime(): void {
  throw ApplicationFailure.nonRetryable('This is the time of the server', timeTold, now());
}
