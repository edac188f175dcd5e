/**
 * What a run tells the world: its record in the run log and its lifecycle events. Both go out in one local activity
 * that is tried until it succeeds, so no event can be lost between a change and its publication. The record is written
 * before waits and at the end only: store updates are the dearest part of a run. It decides how the run has ended: what
 * comes back from it counts, whatever the run had to tell.
 */
import { CancellationScope, patched, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { LifecycleDraft, WorkflowPaused, WorkflowResumed } from '#libs/domain/runs/lifecycle-event.ts';
import { nodeId, type RunInput, type RunPatch } from '#libs/domain/runs/run.ts';
import {
  afterStarted,
  completeRun,
  buildEndEvent,
  millisecondsBetween,
  toRunOutcome,
  type EndPatch,
  type RunNames,
  type RunOutcome,
  type RunSnapshot,
} from '#libs/domain/runs/run-completion.ts';
import { toRunNames, buildStartedEvent } from '#libs/domain/runs/run-start.ts';
import type { LocalActivities, RecordInput, RecordResult, RunUpdate } from '#temporal/contract/activities.ts';
import { RunEnded } from './run-stop.ts';
import { now, type ActionProgress } from './action-progress.ts';
import { toActionFailure, type Failure } from './action-failure.ts';
import type { RunMessageHandlers } from './run-messages.ts';
import { recordOptions } from '../activity-options.ts';
import { waitUntilDurable } from './until-durable.ts';

const { recordRun } = proxyLocalActivities<LocalActivities>(recordOptions);

/** Only of runs that were reset. */
const resetPatch = 'ask-after-reset';

type Facts<Event> = Omit<Event, keyof RunNames | 'occurredAt'>;

export type PauseFacts = Pick<
  WorkflowPaused,
  'suspendedNodeId' | 'correlationToken' | 'actorId' | 'suspendedAt' | 'expiresAt'
>;

interface Telling extends RunUpdate {
  /** For the Temporal UI. */
  summary: string;
  /** Whether it tells of a command that may have come with the present workflow task. */
  durably?: boolean;
}

export class RunReporter {
  readonly #input: RunInput;
  readonly #progress: ActionProgress;
  readonly #messages: Pick<RunMessageHandlers, 'interventions'>;
  readonly #startedAt = workflowInfo().startTime.toISOString();
  /** The number of the next event after WorkflowStarted. */
  #sequence = afterStarted;
  #isChecked = false;
  #startTold = false;
  #written: Promise<unknown> = Promise.resolve();
  /** Goes out with, or before, whatever is written next. */
  #unwritten: RunUpdate | null = null;

  constructor(input: RunInput, progress: ActionProgress, messages: Pick<RunMessageHandlers, 'interventions'>) {
    this.#input = input;
    this.#progress = progress;
    this.#messages = messages;
  }

  get snapshot(): RunSnapshot {
    const actions = [...this.#progress.outcomes];
    const nextSequence = this.#sequence;
    return { ...toRunNames(this.#input), startedAt: this.#startedAt, actions, nextSequence, ...this.#interventions() };
  }

  /** WorkflowStarted for its publisher; null once it was handed out. */
  takeStarted(): LifecycleDraft | null {
    if (this.#startTold) return null;
    this.#startTold = true;
    return buildStartedEvent(this.#input, this.#startedAt);
  }

  /** Schedules WorkflowStarted, unless that is done; whatever is written later waits for it. */
  started(): void {
    const event = this.takeStarted();
    if (event === null) return;
    const told = { run: null, events: [event], summary: event.eventType };
    this.#written = CancellationScope.nonCancellable(() => this.#write(told));
    // Its failure surfaces where it is awaited; until then it must not count as unhandled.
    this.#written.catch(() => undefined);
  }

  /** The activity that was given WorkflowStarted could not publish it. */
  startedNotPublished(): void {
    this.#startTold = false;
  }

  /** Resolves when everything is written that was scheduled so far. */
  get flushed(): Promise<unknown> {
    return this.#written;
  }

  /** The caller writes it before its own writes. Null when there is nothing. */
  takeUnwritten(): RunUpdate | null {
    const update = this.#unwritten;
    this.#unwritten = null;
    return update;
  }

  /** Takes back what could not be written. */
  giveBack(update: RunUpdate | null): void {
    this.#unwritten = update;
  }

  /** Writes what no activity has taken. @throws RunEnded when the run has ended */
  async catchUp(): Promise<void> {
    const outcome = await this.#catchUp();
    if (outcome !== null) throw new RunEnded(outcome);
  }

  async #catchUp(): Promise<RunOutcome | null> {
    const update = this.takeUnwritten();
    // An answer comes after WorkflowStarted is written.
    return update === null ? null : this.#write({ ...update, summary: 'WorkflowResumed' });
  }

  /** Not while the history of the time before the reset is replayed: the run did not ask then. */
  get isAfterReset(): boolean {
    return isReset() && patched(resetPatch);
  }

  /** A run that was reset has to ask before it tells that it waits, or goes on. */
  get isToCheck(): boolean {
    return !this.#isChecked && this.isAfterReset;
  }

  /**
   * What the run told before the reset is out, and counts.
   * @throws RunEnded when its record says that it has ended
   */
  async checkAfterReset(): Promise<void> {
    await this.#written;
    const input = { run: null, events: [], afterReset: toRunNames(this.#input) };
    const { outcome, nextSequence = 0 } = await this.#writeAll({ ...input, summary: 'go on after the reset?' });
    if (outcome !== null) throw new RunEnded(outcome);
    this.#isChecked = true;
    this.#sequence = Math.max(this.#sequence, nextSequence);
  }

  /** Writes how far the run has come. */
  async saveProgress(): Promise<void> {
    await this.#written;
    await this.#writeOpen({ run: this.#open('running'), events: [], summary: 'run log' });
  }

  /** @param reason why it ended before its last action, if it did */
  async completed(reason?: string): Promise<RunOutcome> {
    const { run, event } = completeRun(this.snapshot, now());
    await this.#written;
    return this.#end(reason === undefined ? run : { ...run, reason }, event);
  }

  /** Writes whether an operator holds the run up at its next action; it goes on with the present one meanwhile. */
  async pauseRequested(isPaused: boolean): Promise<void> {
    await this.#written;
    await this.#writeOpen({
      run: this.#open(isPaused ? 'paused' : 'running'),
      events: [],
      summary: 'run log',
      durably: true,
    });
  }

  /**
   * The run waits for people.
   * @param durably whether what it waits for may have come with the present workflow task
   */
  async paused(pause: PauseFacts, durably: boolean): Promise<void> {
    await this.#written;
    if (this.isToCheck) await this.checkAfterReset();
    const event = this.#pause({ eventType: 'WorkflowPaused', ...pause }, pause.suspendedAt);
    await this.#writeOpen({ run: this.#open('paused'), events: [event], summary: event.eventType, durably });
  }

  /** An operator lets the run go on: what may have come with the present workflow task is told once it is durable. */
  async resumed(by: string, correlationToken: string): Promise<void> {
    if (this.isToCheck) await this.checkAfterReset();
    const event = this.#resumedEvent(by, correlationToken);
    await this.#writeOpen({ run: this.#open('running'), events: [event], summary: event.eventType, durably: true });
  }

  /** The answer to a question lets the run go on. It is durable, and goes out with whatever is written next. */
  answered(by: string, approval: Approval): void {
    this.#unwritten = { run: this.#open('running'), events: [this.#resumedEvent(by, approval.token)], approval };
  }

  #resumedEvent(by: string, correlationToken: string): LifecycleDraft {
    const at = now();
    return this.#pause({ eventType: 'WorkflowResumed', resumedBy: by, correlationToken, resumedAt: at }, at);
  }

  /** @param index of the action that failed, or before which the run was cancelled */
  async failed(index: number, { code, message }: Failure): Promise<RunOutcome> {
    const at = now();
    const actions = [...this.#progress.outcomes];
    await this.#written;
    let why = message;
    try {
      const outcome = await this.#catchUp();
      if (outcome !== null) return outcome;
    } catch (error) {
      why = `${message}; before, the answer could not be written: ${toActionFailure(error).message}`;
    }
    const run: EndPatch = {
      status: 'failed',
      started_at: this.#startedAt,
      finished_at: at,
      duration_ms: millisecondsBetween(this.#startedAt, at),
      error: { code, message: why, action: nodeId(index) },
      actions,
      end_sequence: this.#sequence,
      ...this.#interventions(),
    };
    return this.#end(run, buildEndEvent(toRunNames(this.#input), run));
  }

  async #end(run: EndPatch, event: LifecycleDraft): Promise<RunOutcome> {
    return (await this.#write({ run, events: [event], summary: event.eventType })) ?? toRunOutcome(run);
  }

  /** @throws RunEnded when the run has ended */
  async #writeOpen(told: Telling): Promise<void> {
    const outcome = await this.#write(told);
    if (outcome !== null) throw new RunEnded(outcome);
  }

  async #write(told: Telling): Promise<RunOutcome | null> {
    return (await this.#writeAll(told)).outcome;
  }

  async #writeAll({ summary, durably = false, ...told }: Telling): Promise<RecordResult> {
    const input: RecordInput = { executionId: this.#input.executionId, ...told };
    if (durably) await waitUntilDurable();
    return (await recordRun.executeWithOptions({ summary }, [input])) ?? { outcome: null };
  }

  #open(status: 'running' | 'paused'): RunPatch {
    return {
      status,
      started_at: this.#startedAt,
      finished_at: null,
      duration_ms: null,
      error: null,
      actions: [...this.#progress.outcomes],
      ...this.#interventions(),
    };
  }

  #interventions(): Pick<RunPatch, 'interventions'> {
    const { interventions } = this.#messages;
    return interventions.length === 0 ? {} : { interventions };
  }

  #pause(facts: Facts<WorkflowPaused> | Facts<WorkflowResumed>, occurredAt: string): LifecycleDraft {
    const { runId } = workflowInfo();
    const names = { ...toRunNames(this.#input), occurredAt, sequence: this.#sequence++ };
    return { ...names, ...facts, ...(isReset() && { reset: runId }) };
  }
}

/** Temporal goes on with a run under another id of its own when it is reset, and never else. */
export function isReset(): boolean {
  const { runId, firstExecutionRunId } = workflowInfo();
  return runId !== firstExecutionRunId;
}
