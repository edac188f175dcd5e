/** An open question as a small state machine: who may answer, what has been answered, and what that decides. */
import {
  isForBrand,
  whyNotEntitled,
  type Approval,
  type ApprovalAnswer,
  type ApprovalState,
  type Approvers,
  type Person,
} from '#libs/domain/approvals/approval.ts';
import { canonicalName, goesBy } from '#libs/domain/access/person-names.ts';
import type { RunData } from '#libs/domain/context/run-data.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type {
  AnswerInput,
  AnswerResult,
  CancelApprovalInput,
  ReassignInput,
  Refusal,
} from '#temporal/contract/run-messages.ts';

export interface Refused {
  code: Refusal;
  message: string;
}

export class PendingApproval {
  #approval: Approval;
  #revision = 0;
  /** By the name of the person who answered with them. They stand in no approval. */
  readonly #parameters = new Map<string, RunData>();

  constructor(approval: Approval) {
    this.#approval = approval;
  }

  get approval(): Approval {
    return this.#approval;
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  get isOpen(): boolean {
    return this.#approval.state === 'open';
  }

  /**
   * An answer that was given before may be given again, whatever has become of the question: its sender may not
   * know that it was taken.
   * @param at ISO 8601 UTC. @returns why the answer cannot be taken, or null. Changes nothing.
   */
  refuse(
    { token, by, decision, parameters }: Pick<AnswerInput, 'token' | 'by' | 'decision' | 'parameters'>,
    at: string,
  ): Refused | null {
    if (token !== this.#approval.token) return conflict('This is not the token of the question the run waits for');
    if (this.repeats({ by, decision })) {
      return this.#hasOther(by, parameters) ? conflict(`${by.userId} has answered already, with other data`) : null;
    }
    const closed = this.#whyNotOpen(at);
    if (closed !== null) return closed;
    const reason = whyNotEntitled(this.#approval, by);
    if (reason !== null) return notEntitled(by, reason);
    const given = this.#answerOf(by);
    return given === undefined ? null : conflict(`${by.userId} has answered already: ${given.decision}`);
  }

  /** To be called when there is no refusal. */
  answer({ decision, by, comment, data, parameters }: AnswerInput, at: string): AnswerResult {
    const { required } = this.#approval;
    if (!this.repeats({ by, decision })) {
      if (parameters !== undefined) this.#parameters.set(by.userId, parameters);
      const answer = { by: by.userId, person: canonicalName(by), decision, comment, data, at };
      const answers = [...this.#approval.answers, answer];
      const state = decision === 'reject' ? 'rejected' : approvedIn(answers) >= required ? 'approved' : 'open';
      this.#change({ answers, state, closed_at: state === 'open' ? null : at });
    }
    return { state: this.#approval.state, approved: approvedIn(this.#approval.answers), required };
  }

  /** Whether this person has given this answer before. */
  repeats({ by, decision }: Pick<AnswerInput, 'by' | 'decision'>): boolean {
    return this.#answerOf(by)?.decision === decision;
  }

  /** As `refuse`, for a person who leaves the action along an exception path. */
  refuseCancel({ by, type, authority }: CancelApprovalInput, at: string): Refused | null {
    const { tenant, exception, exceptions = [] } = this.#approval;
    if (!isForBrand(by.brands, tenant)) return notEntitled(by, 'does not work for the brand of this run');
    if (exception?.type === type && goesBy(by, exception.by)) return null;
    const closed = this.#whyNotOpen(at);
    if (closed !== null) return closed;
    const reason = authority === 'assignee' ? whyNotEntitled(this.#approval, by) : null;
    if (reason !== null) return notEntitled(by, reason);
    if (exceptions.includes(type)) return null;
    return { code: 'no_exception_path', message: `The rule defines no exception path of the action for ${type}` };
  }

  /** To be called when there is no refusal. */
  cancel({ by, type, message, source }: CancelApprovalInput, at: string): void {
    if (!this.isOpen) return;
    const exception = { type, by: by.userId, message, source, at };
    this.#change({ state: 'cancelled', exception, closed_at: at });
  }

  /** What is so already is not done again. @param given null = those whom the rule names */
  reassign({ approvers: given, by, reason }: ReassignInput, at: string): void {
    const approvers = given ?? this.#approval.reassignments[0]?.from ?? this.#approval.approvers;
    if (areSame(approvers, this.#approval.approvers)) return;
    const entry = { by: by.userId, reason, from: this.#approval.approvers, at };
    this.#change({ approvers, reassignments: [...this.#approval.reassignments, entry] });
  }

  /** Closes it from the run's side. */
  close(state: Exclude<ApprovalState, 'open'>, at: string): void {
    if (this.isOpen) this.#change({ state, closed_at: at });
  }

  #whyNotOpen(at: string): Refused | null {
    const { expires_at, state } = this.#approval;
    if (expires_at !== null && at >= expires_at) {
      return { code: 'approval_expired', message: `The time to answer was over at ${expires_at}` };
    }
    return this.isOpen ? null : conflict(`The question has been decided: ${state}`);
  }

  /** Who comes with none repeats the answer alone. */
  #hasOther(by: Person, parameters: RunData | undefined): boolean {
    if (parameters === undefined) return false;
    const given = this.#parameters.get(this.#answerOf(by)?.by ?? '');
    return given === undefined || !areSameData(given, parameters);
  }

  #answerOf(by: Person): ApprovalAnswer | undefined {
    return this.#approval.answers.find((answer) => goesBy(by, answer.by) || goesBy(by, answer.person));
  }

  #change(change: Partial<Approval>): void {
    // A new object: an earlier copy may still wait to leave the sandbox.
    this.#approval = { ...this.#approval, ...change };
    this.#revision += 1;
  }
}

function approvedIn(answers: readonly ApprovalAnswer[]): number {
  return answers.filter(({ decision }) => decision === 'approve').length;
}

function areSame(one: Approvers, other: Approvers): boolean {
  const names = ({ roles, users }: Approvers): string => JSON.stringify([roles, users]);
  return names(one) === names(other);
}

function areSameData(one: RunData, other: RunData): boolean {
  return writeJson(one, { sortKeys: true }) === writeJson(other, { sortKeys: true });
}

function notEntitled({ userId }: Person, reason: string): Refused {
  return { code: 'not_entitled', message: `${userId} ${reason}` };
}

function conflict(message: string): Refused {
  return { code: 'approval_conflict', message };
}
