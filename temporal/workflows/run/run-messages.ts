/**
 * What people do to a run: the handlers of its updates and signals beside the state they change. A validator refuses
 * before anything is written; the handler looks again, since two commands may be accepted in one workflow task. A command
 * that changes nothing any more, since it was taken before, is taken again: whoever repeats it may not know.
 */
import { ApplicationFailure, CancellationScope, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { isForBrand, type Approvers, type Person } from '#libs/domain/approvals/approval.ts';
import { goesBy } from '#libs/domain/access/person-names.ts';
import { maxInterventions, type Intervention, type RunInput } from '#libs/domain/runs/run.ts';
import {
  answerUpdate,
  cancelledBySignal,
  pauseSignal,
  reassignUpdate,
  resumeSignal,
  steerUpdate,
  timeTold,
  timeUpdate,
  type AnswerInput,
  type AnswerResult,
  type CancelNote,
  type Command,
  type ReassignInput,
  type SteerInput,
} from '#temporal/contract/run-messages.ts';
import { now } from './action-progress.ts';
import { answerMistake, commandMistake, reassignMistake, steerMistake } from './command-mistake.ts';
import type { Question, Refused } from '../actions/pending-approval.ts';
import { wordsOf } from './sanitize-comment.ts';

const tellTime = defineUpdate<void>(timeUpdate);
const answer = defineUpdate<AnswerResult, [AnswerInput]>(answerUpdate);
const reassign = defineUpdate<void, [ReassignInput]>(reassignUpdate);
const steer = defineUpdate<void, [SteerInput]>(steerUpdate);
const pause = defineSignal(pauseSignal);
const resume = defineSignal(resumeSignal);
const cancelledBy = defineSignal<[Partial<CancelNote>?]>(cancelledBySignal);

/** Who signals from the Temporal UI is not known to the run. */
const anOperator = 'operator';
const administrator = 'SESSION_ADMIN';

/** A note of who cancels comes just before the cancellation: after this time it is not about the one that comes, in ms. */
const noteCountsMs = 60_000;

export class People {
  readonly #brand: string | null;
  #interventions: Intervention[];
  /** All of them, the newest last: an answer that is repeated may be to one that is closed. */
  readonly #questions: Question[] = [];
  #pausedBy: string | null = null;
  #resumedBy: string | null = null;
  #cancelNote: (CancelNote & { at: number }) | null = null;
  #cancelledAt: number | null = null;

  constructor({ context, retry }: RunInput) {
    this.#brand = context.brand;
    this.#interventions = retry?.asked === undefined ? [] : [retry.asked];
    setHandler(tellTime, sayTime, { validator: sayTime });
    setHandler(answer, (input) => this.#answer(input), { validator: (input) => refuse(this.#answerRefusal(input)) });
    setHandler(reassign, (input) => this.#reassign(input), {
      validator: (input) => refuse(this.#reassignRefusal(input)),
    });
    setHandler(steer, (input) => this.#steer(input), { validator: (input) => refuse(this.#steerRefusal(input)) });
    setHandler(pause, () => this.#pause(anOperator));
    setHandler(resume, () => this.#resume(anOperator));
    setHandler(cancelledBy, (note) => {
      // Whoever signals from the Temporal UI may say nothing, or anything.
      this.#cancelNote = { by: wordsOf(note?.by) ?? anOperator, reason: wordsOf(note?.reason), at: Date.now() };
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
  cancelled(): string {
    const note = this.#cancelNote;
    if (note === null || (this.#cancelledAt ?? Date.now()) - note.at > noteCountsMs) return '';
    this.#cancelNote = null;
    const { by, reason } = note;
    this.#note({ what: 'cancel', by, reason });
    return ` by ${by}${reason === null ? '' : `: ${reason}`}`;
  }

  /** Lets people answer it, as long as it is open. */
  ask(question: Question): void {
    this.#questions.push(question);
  }

  #answer(input: AnswerInput): AnswerResult {
    refuse(this.#answerRefusal(input));
    const { comment, data } = input;
    return this.#asked(input.token).answer({ ...input, comment: wordsOf(comment), data: data ?? null }, now());
  }

  #answerRefusal(input: AnswerInput): Refused | null {
    const refused = refusalOf(input, () => answerMistake(input));
    if (refused !== null) return refused;
    return this.#find(input.token)?.refusalOf(input, now()) ?? (this.#find(input.token) === null ? nothingOpen : null);
  }

  #reassign(input: ReassignInput): void {
    refuse(this.#reassignRefusal(input));
    const { approvers, reason } = input;
    this.#asked(input.token).reassign(
      { ...input, approvers: wholeApprovers(approvers), reason: wordsOf(reason) },
      now(),
    );
  }

  #reassignRefusal(input: ReassignInput): Refused | null {
    const refused = refusalOf(input, () => reassignMistake(input));
    if (refused !== null) return refused;
    if (this.#find(input.token)?.isOpen !== true) return nothingOpen;
    return this.#whyNotSteering(input.by);
  }

  #steer(input: SteerInput): void {
    refuse(this.#steerRefusal(input));
    const { what, by, reason } = input;
    const why = wordsOf(reason);
    if (what === 'pause') this.#pause(by.userId, why);
    else this.#resume(by.userId, why);
  }

  #steerRefusal(input: SteerInput): Refused | null {
    const { what, by } = input;
    const refused = refusalOf(input, () => steerMistake(input)) ?? this.#whyNotSteering(by);
    if (refused !== null) return refused;
    if (what === 'pause' && this.#pausedBy !== null && !goesBy(by, this.#pausedBy)) {
      return { code: 'run_conflict', message: `The run has been paused by ${this.#pausedBy}` };
    }
    const hasResumed = this.#resumedBy !== null && goesBy(by, this.#resumedBy);
    if (what === 'resume' && this.#pausedBy === null && !hasResumed) {
      return { code: 'run_conflict', message: 'The run is not paused by an operator' };
    }
    return null;
  }

  #whyNotSteering({ userId, role, brands }: Person): Refused | null {
    if (role === administrator && isForBrand(brands, this.#brand)) return null;
    return { code: 'not_entitled', message: `${userId} is no administrator for the brand of this run` };
  }

  #pause(by: string, reason: string | null = null): void {
    if (this.#pausedBy !== null) return;
    this.#pausedBy = by;
    this.#note({ what: 'pause', by, reason });
  }

  #resume(by: string, reason: string | null = null): void {
    if (this.#pausedBy === null) return;
    this.#pausedBy = null;
    this.#resumedBy = by;
    this.#note({ what: 'resume', by, reason });
  }

  #note(intervention: Omit<Intervention, 'at'>): void {
    this.#interventions = [...this.#interventions, { ...intervention, at: now() }].slice(-maxInterventions);
  }

  #find(token: string): Question | null {
    return this.#questions.find(({ approval }) => approval.token === token) ?? null;
  }

  #asked(token: string): Question {
    const question = this.#find(token);
    if (question === null) throw new RangeError('no such question was asked');
    return question;
  }
}

const nothingOpen: Refused = {
  code: 'approval_conflict',
  message: 'The run waits for no answer with this token. It is wrong or used',
};

/** Whoever sends a command by hand may leave one of them out. */
function wholeApprovers({ roles, users }: Partial<Approvers>): Approvers {
  return { roles: roles ?? [], users: users ?? [] };
}

/** Of a command whatever it asks for. @param mistake in the rest of it */
function refusalOf(command: Command, mistake: () => string | null): Refused | null {
  const message = commandMistake(command) ?? mistake();
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
