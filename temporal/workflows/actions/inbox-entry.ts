/**
 * A question's entry in the inbox. It follows the question from when it is asked until it is closed, whatever becomes of
 * the run meanwhile and whether or not its events can be published.
 */
import { CancellationScope, condition, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import { now } from '../run/action-progress.ts';
import { isReset } from '../run/run-reporter.ts';
import { recordOptions } from '../activity-options.ts';
import type { PendingApproval } from './pending-approval.ts';
import { waitUntilDurable } from '../run/until-durable.ts';

const { saveApproval } = proxyLocalActivities<LocalActivities>(recordOptions);

export class InboxEntry {
  readonly #question: PendingApproval;
  #isHandedOver = false;
  /** Resolves when the question stands in the inbox. Rejects when it never can. */
  readonly opened: Promise<void>;
  /** Resolves when the inbox shows the question as it was closed, or may show it. Rejects when it cannot. */
  readonly closed: Promise<void>;

  constructor(question: PendingApproval) {
    this.#question = question;
    this.opened = this.#put();
    this.closed = CancellationScope.nonCancellable(() => this.#follow(question.revision));
    // Their failures surface where they are awaited; until then they must not count as unhandled.
    this.opened.catch(() => undefined);
    this.closed.catch(() => undefined);
  }

  /**
   * Leaves it to the caller to show the question as it was closed, together with what else there is to tell of it.
   * @returns what to show, once that is durable
   */
  async handOver(): Promise<Approval> {
    this.#isHandedOver = true;
    await this.closed;
    return this.#shown;
  }

  /** @param shown the revision that `opened` writes */
  async #follow(shown: number): Promise<void> {
    const question = this.#question;
    try {
      await this.opened;
      for (let written = shown; ;) {
        if (!question.isOpen && question.revision === written) return;
        await condition(() => question.revision !== written);
        written = question.revision;
        await this.#put();
      }
    } catch (error) {
      // The inbox could not show its outcome: it cannot be answered, and the run fails with this.
      if (question.isOpen) {
        question.close('cancelled', now());
        await this.#put().catch(() => undefined);
      }
      throw error;
    }
  }

  /** Writes it as it is now: what comes while that becomes durable is written after it. */
  async #put(): Promise<void> {
    const approval = this.#shown;
    await waitUntilDurable();
    if (this.#isHandedOver) return;
    await CancellationScope.nonCancellable(() =>
      saveApproval.executeWithOptions({ summary: approval.state }, [approval]),
    );
  }

  get #shown(): Approval {
    const { runId } = workflowInfo();
    // A run that was reset may ask under a token that was answered before: then it asks anew.
    return { ...this.#question.approval, ...(isReset() && { reset: runId }) };
  }
}
