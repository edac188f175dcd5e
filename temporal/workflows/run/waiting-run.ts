/** The run as its waiting actions see it: what they may ask of it while it waits for people. */
import { log, proxyLocalActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { findInitiators, nodeId, type RunInput } from '#libs/domain/runs/run.ts';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import type { RunContext } from '../actions/action-handler.ts';
import { InboxEntry } from '../actions/inbox-entry.ts';
import type { PendingApproval } from '../actions/pending-approval.ts';
import { recordOptions } from '../activity-options.ts';
import { now, type ActionProgress } from './action-progress.ts';
import type { DataSaves } from './data-saves.ts';
import type { RunMessageHandlers } from './run-messages.ts';
import type { RunReporter } from './run-reporter.ts';
import type { ShownState } from './shown-state.ts';

const { notifyCancelled } = proxyLocalActivities<LocalActivities>(recordOptions);

export interface WaitingRunParts {
  /** As it is now. */
  input: () => RunInput;
  /** Index of the action under way. */
  currentAction: () => number;
  progress: ActionProgress;
  reporter: RunReporter;
  messages: RunMessageHandlers;
  saves: DataSaves;
  state: ShownState;
}

export class WaitingRun implements RunContext {
  readonly #parts: WaitingRunParts;
  /** The entry of the question that the run waits for, or waited for last. */
  #entry: InboxEntry | null = null;

  constructor(parts: WaitingRunParts) {
    this.#parts = parts;
  }

  saveProgress(): Promise<void> {
    return this.#parts.reporter.saveProgress();
  }

  waitsFor(what: string): void {
    setCurrentDetails(this.#parts.progress.describe(what));
  }

  get currentAction(): number {
    return this.#parts.currentAction();
  }

  get requestNumber(): number | null {
    return this.#parts.input().number ?? null;
  }

  get initiators(): string[] {
    return findInitiators(this.#parts.input());
  }

  async waitForApproval(question: PendingApproval): Promise<void> {
    const { messages, reporter, state } = this.#parts;
    const { approval } = question;
    const { token, title, approvers, asked_at, expires_at } = approval;
    const whom = [...approvers.users, ...approvers.roles].join(', ');
    // From here on it can be answered, and subscribers may be quick.
    messages.open(question);
    this.#entry = new InboxEntry(question);
    this.waitsFor(`waits for an answer of ${whom} to "${title}"${expires_at === null ? '' : `, until ${expires_at}`}`);
    state.show('paused');
    const suspendedNodeId = nodeId(this.currentAction);
    const pause = { suspendedNodeId, correlationToken: token, actorId: whom, suspendedAt: asked_at };
    await this.#entry.opened;
    await reporter.paused({ ...pause, expiresAt: expires_at }, false);
  }

  /** What has been decided is told to its end, also when the run is cancelled meanwhile. */
  async resumeAfter(by: string): Promise<void> {
    const { reporter, saves, state } = this.#parts;
    if (this.#entry === null) throw new RangeError('no approval was requested');
    if (!saves.isEmpty) await saves.settled();
    const approval = await this.#entry.handOver();
    if (reporter.isToCheck) await reporter.checkAfterReset();
    reporter.answered(by, approval);
    // Last: with the end of the run it is one write for Temporal's server.
    state.show(null);
  }

  async closeApproval(): Promise<void> {
    const { saves } = this.#parts;
    if (!saves.isEmpty) await saves.settled();
    await this.#closeEntry();
  }

  async cancelApproval(question: PendingApproval): Promise<void> {
    const { messages, saves } = this.#parts;
    const isNews = question.isOpen && messages.notifiesParticipants;
    question.close('cancelled', now());
    if (isNews) await tellCancelled(question.approval);
    // The run ends for another reason than that they cannot be saved.
    if (!saves.isEmpty) await Promise.allSettled([saves.settled()]);
    await this.#closeEntry();
  }

  get pausedBy(): string | null {
    return this.#parts.messages.pausedBy;
  }

  async showPause(): Promise<void> {
    const by = this.pausedBy;
    this.#parts.state.show(by === null ? null : 'paused');
    await this.#parts.reporter.pauseRequested(by !== null);
  }

  async #closeEntry(): Promise<void> {
    await this.#entry?.closed;
    this.#parts.state.show(null);
  }
}

/** A failure is logged only: the run is cancelled with or without the notice. */
async function tellCancelled(approval: Approval): Promise<void> {
  try {
    await notifyCancelled.executeWithOptions({ summary: 'the run was cancelled' }, [approval]);
  } catch (error) {
    log.warn('those who were asked could not be told that the run was cancelled', { error: messageOf(error) });
  }
}
