/**
 * What people do to a run: the handlers of its updates and signals beside the state they change. A validator refuses
 * before anything is written; the handler looks again, since two commands may be accepted in one workflow task. A command
 * that changes nothing any more, since it was taken before, is taken again: its sender may not know.
 */
import { ApplicationFailure, CancellationScope, currentUpdateInfo, setHandler } from '@temporalio/workflow';
import { isForBrand, type Approvers, type Authority, type Person } from '#libs/domain/approvals/approval.ts';
import { canonicalName, goesBy } from '#libs/domain/access/person-names.ts';
import { maxInterventions, type Intervention, type RunInput } from '#libs/domain/runs/run.ts';
import {
  answerUpdate,
  cancelApprovalUpdate,
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
  type CancelApprovalInput,
  type CancelRequest,
  type Command,
  type ReassignInput,
  type Refusal,
  type ControlInput,
} from '#temporal/contract/run-messages.ts';
import { now } from './action-progress.ts';
import { answerIssue, cancelIssue, commandIssue, reassignIssue } from './command-issue.ts';
import type { DataSaves } from './data-saves.ts';
import { RunEnded } from './run-stop.ts';
import type { PendingApproval, Refused } from '../actions/pending-approval.ts';
import { sanitizeComment } from './sanitize-comment.ts';

/** Who signals from the Temporal UI is not known to the run. */
const anOperator = 'operator';
const administrator = 'SESSION_ADMIN';

/** A note of who cancels comes just before the cancellation: after this time it is not about the one that comes, in ms. */
const noteCountsMs = 60_000;

export class RunMessageHandlers {
  readonly #brand: string | null;
  readonly #saves: DataSaves;
  #interventions: Intervention[];
  /** All of them, the newest last: an answer that is repeated may be to one that is closed. */
  readonly #approvals: PendingApproval[] = [];
  #pausedBy: string | null = null;
  #resumedBy: string | null = null;
  #cancelNote: (CancelRequest & { at: number }) | null = null;
  #cancelledAt: number | null = null;

  constructor({ context, retry }: RunInput, saves: DataSaves) {
    this.#brand = context.brand;
    this.#saves = saves;
    this.#interventions = retry?.asked === undefined ? [] : [retry.asked];
    setHandler(timeUpdate, sayTime, { validator: sayTime });
    setHandler(answerUpdate, (input) => this.#answer(input), {
      validator: (input) => refuse(this.#refuseAnswer(input)),
    });
    setHandler(reassignUpdate, (input) => this.#reassign(input), {
      validator: (input) => refuse(this.#refuseReassign(input)),
    });
    setHandler(cancelApprovalUpdate, (input) => this.#cancelApproval(input), {
      validator: (input) => refuse(this.#refuseCancelApproval(input)),
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
        notifiesParticipants: note?.notifiesParticipants === true,
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
    const note = this.#currentNote;
    if (note === null) return '';
    this.#cancelNote = null;
    const { by, reason } = note;
    this.#addIntervention({ what: 'cancel', by, reason });
    return ` by ${by}${reason === null ? '' : `: ${reason}`}`;
  }

  /** The run is being cancelled. Whether the caller wants those to be told who are asked. */
  get notifiesParticipants(): boolean {
    return this.#currentNote?.notifiesParticipants === true;
  }

  get #currentNote(): CancelRequest | null {
    const note = this.#cancelNote;
    return note === null || (this.#cancelledAt ?? Date.now()) - note.at > noteCountsMs ? null : note;
  }

  /** Lets people answer it, as long as it is open. */
  open(question: PendingApproval): void {
    this.#approvals.push(question);
  }

  #answer(input: AnswerInput): AnswerResult | Promise<AnswerResult> {
    refuse(this.#refuseAnswer(input));
    const { comment, data, parameters } = input;
    const question = this.#get(input.token);
    const isRepeated = question.repeats(input);
    const result = question.answer({ ...input, comment: sanitizeComment(comment), data: data ?? null }, now());
    if (parameters === undefined) return result;
    return this.#saved(isRepeated ? this.#saves.settled() : this.#saves.save(parameters, saveKey(input)), result);
  }

  async #saved(save: Promise<void>, result: AnswerResult): Promise<AnswerResult> {
    try {
      await save;
    } catch (error) {
      if (!(error instanceof RunEnded)) throw error;
      throw ApplicationFailure.nonRetryable(error.message, 'run_conflict' satisfies Refusal);
    }
    return result;
  }

  #refuseAnswer(input: AnswerInput): Refused | null {
    const refused = toRefusal(input, () => answerIssue(input));
    if (refused !== null) return refused;
    return this.#find(input.token)?.refuse(input, now()) ?? (this.#find(input.token) === null ? nothingOpen : null);
  }

  #reassign(input: ReassignInput): void {
    refuse(this.#refuseReassign(input));
    const { approvers, reason } = input;
    const whole = approvers === null ? null : wholeApprovers(approvers);
    this.#get(input.token).reassign({ ...input, approvers: whole, reason: sanitizeComment(reason) }, now());
  }

  #refuseReassign(input: ReassignInput): Refused | null {
    const refused = toRefusal(input, () => reassignIssue(input));
    if (refused !== null) return refused;
    if (this.#find(input.token)?.isOpen !== true) return nothingOpen;
    return this.#whyNotReassigning(input);
  }

  #cancelApproval(input: CancelApprovalInput): void {
    refuse(this.#refuseCancelApproval(input));
    const { message, source } = input;
    this.#get(input.token).cancel(
      { ...input, message: sanitizeComment(message), source: sanitizeComment(source) },
      now(),
    );
  }

  #refuseCancelApproval(input: CancelApprovalInput): Refused | null {
    const refused = toRefusal(input, () => cancelIssue(input)) ?? whyNotCancelling(input);
    if (refused !== null) return refused;
    const question = this.#find(input.token);
    return question === null ? nothingOpen : question.refuseCancel(input, now());
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

  /** Where there is an authority, the directory has said so of this run; a session says what it is itself. */
  #whyNotReassigning({ by, authority }: ReassignInput): Refused | null {
    if (authority === undefined) return this.#whyNotControlling(by);
    if (mayReassign.includes(authority) && isForBrand(by.brands, this.#brand)) return null;
    return { code: 'not_entitled', message: `${by.userId} may not say who answers in this run` };
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

const mayReassign: readonly Authority[] = ['administrator', 'folder_manager', 'supervisor'];

/** Who has started a run cancels all of it, not one of its actions. */
function whyNotCancelling({ by, authority }: CancelApprovalInput): Refused | null {
  if (authority !== 'initiator') return null;
  return { code: 'not_entitled', message: `${by.userId} may not cancel actions of this run` };
}

/** A run that was reset is given the same answers again, under the same ids; a new one comes under another. */
function saveKey({ token, by }: AnswerInput): string {
  return `${token}/${canonicalName(by)}/${currentUpdateInfo()?.id ?? ''}`;
}

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
