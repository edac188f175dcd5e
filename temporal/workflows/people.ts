/**
 * What people do to a run: the handlers of its updates and signals beside the state they change. A validator refuses
 * before anything is written; the handler looks again, since two answers may be accepted in one workflow task.
 */
import { ApplicationFailure, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { Person } from '#libs/domain/approval.ts';
import { maxInterventions, type Intervention, type RunInput } from '#libs/domain/run.ts';
import {
  answerUpdate,
  cancelledBySignal,
  pauseSignal,
  reassignUpdate,
  resumeSignal,
  steerUpdate,
  type AnswerInput,
  type AnswerResult,
  type CancelNote,
  type ReassignInput,
  type SteerInput,
} from '#temporal/contract/people.ts';
import { now } from './chain.ts';
import type { Question, Refused } from './question.ts';
import { wordsOf } from './words.ts';

const answer = defineUpdate<AnswerResult, [AnswerInput]>(answerUpdate);
const reassign = defineUpdate<void, [ReassignInput]>(reassignUpdate);
const steer = defineUpdate<void, [SteerInput]>(steerUpdate);
const pause = defineSignal(pauseSignal);
const resume = defineSignal(resumeSignal);
const cancelledBy = defineSignal<[Partial<CancelNote>?]>(cancelledBySignal);

/** Who signals from the Temporal UI is not known to the run. */
const anOperator = 'operator';
const administrator = 'SESSION_ADMIN';

export class People {
  readonly #tenant: string;
  #interventions: Intervention[];
  #question: Question | null = null;
  #pausedBy: string | null = null;
  #resumedBy: string | null = null;
  #cancelNote: CancelNote | null = null;

  constructor({ tenant, retry }: RunInput) {
    this.#tenant = tenant;
    this.#interventions = retry?.asked === undefined ? [] : [retry.asked];
    setHandler(answer, (input) => this.#answer(input), { validator: (input) => refuse(this.#answerRefusal(input)) });
    setHandler(reassign, (input) => this.#reassign(input), {
      validator: (input) => refuse(this.#reassignRefusal(input)),
    });
    setHandler(steer, (input) => this.#steer(input), { validator: (input) => refuse(this.#steerRefusal(input)) });
    setHandler(pause, () => this.#pause(anOperator));
    setHandler(resume, () => this.#resume(anOperator));
    setHandler(cancelledBy, (note) => {
      // Whoever signals from the Temporal UI may say nothing, or anything.
      const by = wordsOf(note?.by) ?? anOperator;
      this.#cancelNote = { by, reason: wordsOf(note?.reason) };
      this.#note({ what: 'cancel', ...this.#cancelNote });
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

  /** Who asked for the cancellation and why, as the end of a sentence. */
  get cancellation(): string {
    if (this.#cancelNote === null) return '';
    const { by, reason } = this.#cancelNote;
    return ` by ${by}${reason === null ? '' : `: ${reason}`}`;
  }

  /** Lets people answer it, until `settle`. */
  ask(question: Question): void {
    this.#question = question;
  }

  settle(): void {
    this.#question = null;
  }

  #answer(input: AnswerInput): AnswerResult {
    refuse(this.#answerRefusal(input));
    return this.#open().answer({ ...input, comment: wordsOf(input.comment) }, now());
  }

  #answerRefusal(input: AnswerInput): Refused | null {
    return this.#question?.refusalOf(input, now()) ?? (this.#question === null ? nothingOpen : null);
  }

  #reassign(input: ReassignInput): void {
    refuse(this.#reassignRefusal(input));
    this.#open().reassign({ ...input, reason: wordsOf(input.reason) }, now());
  }

  #reassignRefusal({ token, by }: ReassignInput): Refused | null {
    if (this.#question?.isOpen !== true || this.#question.approval.token !== token) return nothingOpen;
    return this.#whyNotSteering(by);
  }

  #steer({ what, by, reason }: SteerInput): void {
    const why = wordsOf(reason);
    if (what === 'pause') this.#pause(by.userId, why);
    else this.#resume(by.userId, why);
  }

  #steerRefusal({ what, by }: SteerInput): Refused | null {
    const refused = this.#whyNotSteering(by);
    if (refused !== null) return refused;
    if (what === 'pause' && this.#pausedBy !== null) {
      return { code: 'run_conflict', message: `The run has been paused by ${this.#pausedBy}` };
    }
    if (what === 'resume' && this.#pausedBy === null) {
      return { code: 'run_conflict', message: 'The run is not paused by an operator' };
    }
    return null;
  }

  #whyNotSteering({ userId, role, brands }: Person): Refused | null {
    if (role === administrator && (brands === undefined || brands.includes(this.#tenant))) return null;
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

  #open(): Question {
    if (this.#question === null) throw new RangeError('no question is open');
    return this.#question;
  }
}

const nothingOpen: Refused = {
  code: 'approval_conflict',
  message: 'The run waits for no answer with this token. It is wrong or used',
};

function refuse(refused: Refused | null): void {
  if (refused !== null) throw ApplicationFailure.nonRetryable(refused.message, refused.code);
}
