/** An open question as a small state machine: who may answer, what has been answered, and what that decides. */
import { whyNotEntitled, type Approval, type ApprovalState } from '#libs/domain/approval.ts';
import type { AnswerInput, AnswerResult, ReassignInput, Refusal } from '#temporal/contract/people.ts';

export interface Refused {
  code: Refusal;
  message: string;
}

export class Question {
  #approval: Approval;
  #revision = 0;

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

  /** @param at ISO 8601 UTC. @returns why the answer cannot be taken, or null. Changes nothing. */
  refusalOf({ token, by }: Pick<AnswerInput, 'token' | 'by'>, at: string): Refused | null {
    const { expires_at, answers } = this.#approval;
    if (token !== this.#approval.token) return conflict('This is not the token of the question the run waits for');
    if (expires_at !== null && at >= expires_at) {
      return { code: 'approval_expired', message: `The time to answer was over at ${expires_at}` };
    }
    if (!this.isOpen) return conflict(`The question has been decided: ${this.#approval.state}`);
    const reason = whyNotEntitled(this.#approval, by);
    if (reason !== null) return { code: 'not_entitled', message: `${by.userId} ${reason}` };
    if (answers.some((answer) => answer.by === by.userId)) return conflict(`${by.userId} has answered already`);
    return null;
  }

  /** To be called when there is no refusal. */
  answer({ decision, by, comment, data }: AnswerInput, at: string): AnswerResult {
    const answers = [...this.#approval.answers, { by: by.userId, decision, comment, data, at }];
    const { required } = this.#approval;
    const approved = answers.filter((answer) => answer.decision === 'approve').length;
    const state = decision === 'reject' ? 'rejected' : approved >= required ? 'approved' : 'open';
    this.#change({ answers, state, closed_at: state === 'open' ? null : at });
    return { state, approved, required };
  }

  reassign({ approvers, by, reason }: ReassignInput, at: string): void {
    const entry = { by: by.userId, reason, from: this.#approval.approvers, at };
    this.#change({ approvers, reassignments: [...this.#approval.reassignments, entry] });
  }

  /** Closes it from the run's side. */
  close(state: Exclude<ApprovalState, 'open'>, at: string): void {
    if (this.isOpen) this.#change({ state, closed_at: at });
  }

  #change(change: Partial<Approval>): void {
    // A new object: an earlier copy may still wait to leave the sandbox.
    this.#approval = { ...this.#approval, ...change };
    this.#revision += 1;
  }
}

function conflict(message: string): Refused {
  return { code: 'approval_conflict', message };
}
