/**
 * A run as a small state machine: the chain of actions, and where it stands. Beside it stand the state it changes, the
 * handlers of what people may ask of it (`run-messages.ts`), and what its waiting actions may ask of it
 * (`waiting-run.ts`). Code that makes a run wait between two actions belongs into `#waitForGate`.
 */
import { reported } from '#libs/domain/runs/action-report.ts';
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  type LocalActivityFunctionWithOptions,
} from '@temporalio/workflow';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { RunOutcome } from '#libs/domain/runs/run-completion.ts';
import { firstRunId, nodeId, type RunAction, type RunInput } from '#libs/domain/runs/run.ts';
import type {
  CallBatchProgress,
  HttpActivities,
  LocalActivities,
  ActionResult,
  WriteBatchResult,
} from '#temporal/contract/activities.ts';
import { pausedByQuery, progressQuery } from '#temporal/contract/run-messages.ts';
import { CurrentInput } from './current-input.ts';
import { DataSaves } from './data-saves.ts';
import { RunStopped, RunEnded, type ActionsResult } from './run-stop.ts';
import { ActionProgress, now } from './action-progress.ts';
import { isReset, RunReporter } from './run-reporter.ts';
import { toActionFailure, readProgress, type Failure } from './action-failure.ts';
import { RunMessageHandlers } from './run-messages.ts';
import {
  callBatchOptions,
  callBatchSlackMs,
  callTryPolicy,
  stateChangeOptions,
  messageTryPolicy,
  recordOptions,
  writeBatchOptions,
} from '../activity-options.ts';
import { RunReports } from './run-sinks.ts';
import { findHandler } from '../actions/registry.ts';
import {
  planCallBatch,
  planWriteBatch,
  toActionTarget,
  buildSummary,
  type CallBatch,
  type WriteBatch,
} from './plan-batches.ts';
import { ShownState } from './shown-state.ts';
import { Tries, type TryPolicy } from './tries.ts';
import { WaitingRun } from './waiting-run.ts';

const { executeWriteBatch } = proxyLocalActivities<LocalActivities>(writeBatchOptions);
const { executeCallBatch } = proxyActivities<HttpActivities>(callBatchOptions);
const { drawToken } = proxyLocalActivities<LocalActivities>(recordOptions);
const effects = proxyLocalActivities<LocalActivities>(stateChangeOptions);

export class RuleRun {
  readonly #input: CurrentInput;
  readonly #progress: ActionProgress;
  readonly #reporter: RunReporter;
  readonly #messages: RunMessageHandlers;
  readonly #sinks: RunReports;
  /** Index of the action to execute next, or under way. */
  #index: number;
  readonly #state = new ShownState();
  readonly #waiting: WaitingRun;
  #tries = new Tries(0);

  constructor(input: RunInput) {
    this.#input = new CurrentInput(input);
    this.#progress = new ActionProgress(input.rule, input.retry?.outcomes);
    const saves = new DataSaves(firstRunId(input), async () => {
      if (this.#reporter.isToCheck) await this.#reporter.checkAfterReset();
    });
    this.#messages = new RunMessageHandlers(input, saves);
    this.#reporter = new RunReporter(input, this.#progress, this.#messages);
    this.#sinks = new RunReports(input);
    this.#index = input.retry?.from ?? 0;
    this.#waiting = new WaitingRun({
      input: () => this.#input.value,
      currentAction: () => this.#index,
      progress: this.#progress,
      reporter: this.#reporter,
      messages: this.#messages,
      saves,
      state: this.#state,
    });
    setHandler(progressQuery, () => this.#progress.outcomes);
    setHandler(pausedByQuery, () => this.#messages.pausedBy);
  }

  /** Resolves or throws once the record and the last event are out; see `runRule` for what it throws. */
  async execute(): Promise<void> {
    let end: ActionsResult = {};
    try {
      while (this.#index < this.#input.value.rule.actions.length && end.stops === undefined) {
        if (this.#input.isOutdated && !this.#isPausedOrCancelled) await this.#renderAgain();
        const batch = planWriteBatch(this.#input.value, this.#index);
        // A batch takes along what is still to be written.
        if (batch === null || this.#isPausedOrCancelled || isReset()) await this.#catchUp();
        if (this.#isPausedOrCancelled) {
          await this.#waitForGate();
          this.#input.letTimePass();
          if (this.#input.isOutdated) continue;
        }
        if (this.#reporter.isAfterReset) await this.#reporter.checkAfterReset();
        const calls = batch === null ? planCallBatch(this.#input.value, this.#index) : null;
        if (batch !== null) {
          end = await this.#executeWriteBatch(batch);
        } else if (calls !== null) {
          end = await this.#executeCallBatch(calls);
        } else {
          // Not awaited: the action is scheduled together with it, in the same workflow task.
          this.#reporter.started();
          const index = this.#index;
          end = await this.#executeAction(index);
          // It stays where it is while an action is to be tried again.
          if (this.#progress.outcomes[index]?.status !== 'running') this.#index += 1;
        }
      }
      await this.#catchUp();
      end.outcome ??= await this.#end(() => this.#reporter.completed(end.stops));
    } catch (error) {
      if (error instanceof RunEnded) return this.#ended(error.outcome);
      // Anything else is a fault in this code: the workflow task fails and is tried again until a fix is deployed.
      if (!(error instanceof RunStopped)) throw error;
      this.#reporter.started();
      return this.#ended(await this.#end(() => this.#reporter.failed(error.index, error.failure)), error.cause);
    }
    this.#ended(end.outcome);
  }

  /** @throws RunEnded; RunStopped when what is to be written never can be */
  async #catchUp(): Promise<void> {
    try {
      await CancellationScope.nonCancellable(() => this.#reporter.catchUp());
    } catch (error) {
      throw error instanceof RunEnded ? error : this.#fail(this.#index - 1, error);
    }
  }

  async #renderAgain(): Promise<void> {
    try {
      await this.#input.renderAgain(this.#index);
    } catch (error) {
      throw this.#fail(this.#index, error);
    }
  }

  get #isPausedOrCancelled(): boolean {
    return CancellationScope.current().consideredCancelled || this.#messages.pausedBy !== null;
  }

  /** The gate before each action: a run that was cancelled ends here, one that an operator has paused waits here. */
  async #waitForGate(): Promise<void> {
    const index = this.#index;
    if (!CancellationScope.current().consideredCancelled) {
      try {
        await this.#waitWhilePaused();
        return;
      } catch (error) {
        if (!isCancellation(error)) throw error;
      }
    }
    const cancelled = new CancelledFailure('The run was cancelled');
    throw new RunStopped(index, this.#toFailure(cancelled), cancelled);
  }

  async #waitWhilePaused(): Promise<void> {
    for (let by = this.#messages.pausedBy; by !== null; by = this.#messages.pausedBy) {
      this.#reporter.started();
      const correlationToken = await CancellationScope.nonCancellable(() => drawToken());
      setCurrentDetails(this.#progress.describe());
      this.#state.show('paused');
      const suspendedNodeId = nodeId(this.#index);
      const pause = { suspendedNodeId, correlationToken, actorId: by, suspendedAt: now(), expiresAt: null };
      // Told to its end, whatever comes: a pause that stands in the record must stand on the topic.
      await CancellationScope.nonCancellable(() => this.#reporter.paused(pause, true));
      setCurrentDetails(`${this.#progress.describe()}\n\nPaused by ${by}: the signal "resume" lets it go on.`);
      await condition(() => this.#messages.pausedBy === null);
      this.#state.show(null);
      await CancellationScope.nonCancellable(() => this.#reporter.resumed(this.#messages.resumedBy, correlationToken));
    }
  }

  /** What an action threw; a cancellation says who asked for it. */
  #toFailure(error: unknown): Failure {
    const failure = toActionFailure(error);
    if (!isCancellation(error)) return failure;
    return { ...failure, message: `${failure.message}${this.#messages.cancellationNote()}` };
  }

  /**
   * Own writes, executed together. The one that fails and may be tried again is executed alone, as if it had
   * stood by itself. The run goes on with the action after the last one.
   */
  async #executeWriteBatch({ steps, summary }: WriteBatch): Promise<ActionsResult> {
    const { executionId, rule } = this.#input.value;
    const next = (steps.at(-1)?.index ?? 0) + 1;
    const started = this.#reporter.takeStarted();
    const end = next === rule.actions.length ? this.#reporter.snapshot : null;
    if (started === null) await this.#reporter.flushed;
    const before = this.#reporter.takeUnwritten();
    const input = { executionId, at: now(), ...(before !== null && { before }), started, steps, end };
    // What a cancelled run has done must stand in its record, so a batch that has begun is told of to its end.
    const { outcomes, mayBeRetried, isWritten, ...ended } = await CancellationScope.nonCancellable(() =>
      executeWriteBatch.executeWithOptions({ summary }, [input]),
    );
    if (isWritten === false) {
      this.#reporter.giveBack(before);
      await this.#catchUp();
    }
    const outcome = toEnd(ended);
    for (const one of outcomes) {
      const { index, attempts, error } = one;
      if (outcome !== undefined) {
        this.#sinks.action(this.#progress.closeApproval(one));
        continue;
      }
      if (error !== undefined && mayBeRetried) {
        this.#index = index + 1;
        return this.#executeAction(index, attempts);
      }
      this.#sinks.action(this.#progress.closeApproval(one));
      if (error !== undefined) throw new RunStopped(index, { ...error, attempts }, error);
    }
    this.#index += outcomes.length;
    return outcome === undefined ? {} : { outcome };
  }

  /**
   * Calls to other systems, made together as long as they are answered at once. The run goes on with the action after
   * the last one that was made.
   */
  async #executeCallBatch({ calls, context, summary }: CallBatch): Promise<ActionsResult> {
    const { executionId, rule } = this.#input.value;
    const first = calls[0].index;
    const tries = this.#triesFor(first).soFar;
    const started = this.#reporter.takeStarted();
    const end = first + calls.length === rule.actions.length ? this.#reporter.snapshot : null;
    if (started === null) await this.#reporter.flushed;
    this.#begin(first);
    const timeoutMs = Math.max(...calls.map(({ input }) => input.timeoutMs));
    const options = { summary, startToCloseTimeout: timeoutMs + callBatchSlackMs };
    const input = { executionId, started, calls, end, tries, ...(context !== undefined && { context }) };
    try {
      // A call that has begun ends by itself, and what was answered must stand in the record of a cancelled run.
      const made = await CancellationScope.nonCancellable(() => executeCallBatch.executeWithOptions(options, [input]));
      this.#applyProgress(made, started);
      const outcome = toEnd(made);
      return outcome === undefined ? {} : { outcome };
    } catch (error) {
      this.#applyProgress(readProgress(error) ?? { outcomes: [], told: false, endedAt: null }, started);
      await this.#waitForNextTry(this.#index, error, callTryPolicy);
      return {};
    }
  }

  #triesFor(index: number): Tries {
    if (this.#tries.index !== index) this.#tries = new Tries(index);
    return this.#tries;
  }

  /** Resolves when the action may be tried again. @throws RunStopped when it may not, or is not to be any more */
  async #waitForNextTry(index: number, error: unknown, policy: TryPolicy, attemptsBefore = 0): Promise<void> {
    const tries = this.#triesFor(index);
    const pauseMs = tries.after(error, policy, Date.now());
    if (pauseMs === null) throw this.#fail(index, error, attemptsBefore);
    const { message } = toActionFailure(error);
    // One that follows others in their activity has failed before it was begun here.
    if (this.#progress.outcomes[index]?.status !== 'running') this.#begin(index);
    this.#waiting.waitsFor(
      `tried ${tries.soFar.made} times, next at ${new Date(Date.now() + pauseMs).toISOString()}: ${message}`,
    );
    try {
      await sleep(pauseMs, { summary: `action ${index + 1} is tried again` });
    } catch (cancellation) {
      if (!isCancellation(cancellation)) throw cancellation;
      const failure = this.#toFailure(cancellation);
      const told = { ...failure, message: `${failure.message}; before, the action had failed: ${message}` };
      throw this.#stop(index, { ...told, attempts: tries.soFar.made }, cancellation);
    }
  }

  #begin(index: number): void {
    if (this.#progress.outcomes[index]?.status !== 'running') this.#progress.begin(index);
    setCurrentDetails(this.#progress.describe());
  }

  #applyProgress({ outcomes, told }: CallBatchProgress, started: LifecycleDraft | null): void {
    if (started !== null && !told) this.#reporter.startedNotPublished();
    for (const outcome of outcomes) this.#sinks.action(this.#progress.closeApproval(outcome));
    this.#index += outcomes.length;
  }

  /** @param attemptsBefore made already, without success */
  async #executeAction(index: number, attemptsBefore = 0): Promise<ActionsResult> {
    const action = this.#input.value.rule.actions[index];
    if (action === undefined) throw new RangeError(`no action ${index}`);
    this.#begin(index);
    try {
      const { attempts = 1, stops, ...result } = await this.#callHandler(action, index);
      const end = { attempts: attempts + attemptsBefore, ...reported(result) };
      this.#sinks.action(this.#progress.end(index, { status: 'completed', ...end }));
      if (takesTime(action)) this.#input.letTimePass();
      return stops === undefined ? {} : { stops };
    } catch (error) {
      await this.#waitForNextTry(index, error, messageTryPolicy, attemptsBefore);
      return {};
    }
  }

  #fail(index: number, error: unknown, attemptsBefore = 0): RunStopped {
    const failure = this.#toFailure(error);
    return this.#stop(index, { ...failure, attempts: failure.attempts + attemptsBefore }, error);
  }

  #stop(index: number, failure: Failure, error: unknown): RunStopped {
    const { code, message, attempts } = failure;
    this.#sinks.action(this.#progress.end(index, { status: 'failed', attempts, error: { code, message } }));
    return new RunStopped(index, failure, error);
  }

  #callHandler({ type, params, issue }: RunAction, index: number): Promise<ActionResult> {
    const step = findHandler(type);
    if (step === undefined) {
      throw new PermanentError('unknown_action', `No action type ${type} is known to this worker`);
    }
    if (issue !== undefined) throw new PermanentError('invalid_params', issue);
    const subject = toActionTarget(this.#input.value, index);
    // A call that can be made is not executed alone: this says why it cannot be made.
    if (step.kind === 'call') step.call(params, subject, this.#input.value.context);
    // One that is disabled always belongs to a batch.
    if (step.kind === 'disabled' || step.kind === 'call') throw new RangeError(`${type} is not executed alone`);
    const summary = buildSummary(this.#input.value.rule.actions, index);
    if (step.kind === 'waiting') {
      const { context } = this.#input.value;
      const tries = this.#triesFor(index).soFar;
      return step.perform(params, { subject, context, actionType: type, summary, run: this.#waiting, tries });
    }
    const { activity, input } = step.effect(params, subject);
    // Which input belongs to which effect is known to `EffectCall`, but not kept by looking the function up.
    const effect = effects[activity] as LocalActivityFunctionWithOptions<(input: unknown) => Promise<ActionResult>>;
    return effect.executeWithOptions({ summary }, [input]);
  }

  /** The record and the last event are written even though the run is being cancelled. */
  #end(write: () => Promise<RunOutcome>): Promise<RunOutcome> {
    return CancellationScope.nonCancellable(write);
  }

  /**
   * @param outcome of the record, which decides how Temporal shows the run
   * @param cause what ended the chain, if anything did
   * @throws for a run that has failed
   */
  #ended({ status, durationMs, error }: RunOutcome, cause?: unknown): void {
    this.#state.show(null);
    setCurrentDetails(this.#progress.describe());
    this.#sinks.run({ status, durationMs, error });
    if (error === null) return;
    if (isCancellation(cause)) throw cause;
    throw ApplicationFailure.create({ message: error.message, type: error.code, nonRetryable: true });
  }
}

function takesTime({ type }: RunAction): boolean {
  const handler = findHandler(type);
  return handler?.kind === 'waiting' && handler.takesTime === true;
}

/** A build before this one tells only how long the run took, and only when it has completed. */
function toEnd({ outcome, durationMs }: Pick<WriteBatchResult, 'outcome' | 'durationMs'>): RunOutcome | undefined {
  if (outcome !== undefined) return outcome ?? undefined;
  return durationMs === null ? undefined : { status: 'completed', durationMs, error: null };
}
