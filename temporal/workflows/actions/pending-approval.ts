/** An open question as a small state machine: who may answer, what has been answered, and what that decides. */
import {
  whyNotEntitled,
  type AnswerDecision,
  type Approval,
  type ApprovalAnswer,
  type ApprovalState,
  type Approvers,
  type Person,
} from '#libs/domain/approvals/approval.ts';
import { canonicalName, goesBy } from '#libs/domain/access/person-names.ts';
import type { AnswerInput, AnswerResult, ReassignInput, Refusal } from '#temporal/contract/run-messages.ts';

export interface Refused {
  code: Refusal;
  message: string;
}

export class PendingApproval {
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

  /**
   * An answer that was given before may be given again, whatever has become of the question: its sender may not
   * know that it was taken.
   * @param at ISO 8601 UTC. @returns why the answer cannot be taken, or null. Changes nothing.
   */
  refuse({ token, by, decision }: Pick<AnswerInput, 'token' | 'by' | 'decision'>, at: string): Refused | null {
    const { expires_at } = this.#approval;
    if (token !== this.#approval.token) return conflict('This is not the token of the question the run waits for');
    if (this.#repeats(by, decision)) return null;
    if (expires_at !== null && at >= expires_at) {
      return { code: 'approval_expired', message: `The time to answer was over at ${expires_at}` };
    }
    if (!this.isOpen) return conflict(`The question has been decided: ${this.#approval.state}`);
    const reason = whyNotEntitled(this.#approval, by);
    if (reason !== null) return { code: 'not_entitled', message: `${by.userId} ${reason}` };
    const given = this.#answerOf(by);
    return given === undefined ? null : conflict(`${by.userId} has answered already: ${given.decision}`);
  }

  /** To be called when there is no refusal. */
  answer({ decision, by, comment, data }: AnswerInput, at: string): AnswerResult {
    const { required } = this.#approval;
    if (!this.#repeats(by, decision)) {
      const answer = { by: by.userId, person: canonicalName(by), decision, comment, data, at };
      const answers = [...this.#approval.answers, answer];
      const state = decision === 'reject' ? 'rejected' : approvedIn(answers) >= required ? 'approved' : 'open';
      this.#change({ answers, state, closed_at: state === 'open' ? null : at });
    }
    return { state: this.#approval.state, approved: approvedIn(this.#approval.answers), required };
  }

  /** What is so already is not done again. */
  reassign({ approvers, by, reason }: ReassignInput, at: string): void {
    if (areSame(approvers, this.#approval.approvers)) return;
    const entry = { by: by.userId, reason, from: this.#approval.approvers, at };
    this.#change({ approvers, reassignments: [...this.#approval.reassignments, entry] });
  }

  /** Closes it from the run's side. */
  close(state: Exclude<ApprovalState, 'open'>, at: string): void {
    if (this.isOpen) this.#change({ state, closed_at: at });
  }

  #repeats(by: Person, decision: AnswerDecision): boolean {
    return this.#answerOf(by)?.decision === decision;
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

function conflict(message: string): Refused {
  return { code: 'approval_conflict', message };
}
