/**
 * A run as a small state machine: the chain of actions, where it stands, and (beside the state they change) the
 * handlers of what people may ask of it. Signal and update handlers belong into the constructor, and whatever makes a
 * run wait between two actions belongs into `#turn`.
 */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineQuery,
  isCancellation,
  proxyLocalActivities,
  proxySinks,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  type LocalActivityFunctionWithOptions,
} from '@temporalio/workflow';
import { PermanentError } from '#libs/domain/errors.ts';
import type { ActionOutcome, RunAction, RunInput } from '#libs/domain/run.ts';
import type { LocalActivities, StepResult } from '#temporal/contract/activities.ts';
import { progressQuery, searchAttributes } from '#temporal/contract/names.ts';
import type { RunReport, RunSinks } from '#temporal/contract/sinks.ts';
import { Chain, now } from './chain.ts';
import { Journal } from './journal.ts';
import { failureOf, type Failure } from './failure-of.ts';
import { effectPolicy, stretchPolicy } from './policies.ts';
import { stepFor } from './steps/registry.ts';
import type { StepHost } from './steps/step.ts';
import { planStretch, subjectOf, summaryOf, type Stretch } from './stretch.ts';

const progress = defineQuery<readonly ActionOutcome[]>(progressQuery);
const { outcomes } = proxySinks<RunSinks>();
const { carryOutStretch } = proxyLocalActivities<LocalActivities>(stretchPolicy);
const effects = proxyLocalActivities<LocalActivities>(effectPolicy);

/** Ends the chain: the action at `index` failed for good, or the run was cancelled there. */
class ChainStopped extends Error {
  readonly index: number;
  readonly failure: Failure;

  constructor(index: number, failure: Failure, cause: unknown) {
    super(failure.message, { cause });
    this.index = index;
    this.failure = failure;
  }
}

export class RuleRun implements StepHost {
  readonly #input: RunInput;
  readonly #chain: Chain;
  readonly #journal: Journal;

  constructor(input: RunInput) {
    this.#input = input;
    this.#chain = new Chain(input.rule);
    this.#journal = new Journal(input, this.#chain);
    setHandler(progress, () => this.#chain.outcomes);
  }

  /** Resolves or throws once the record and the last event are out; see `runRule` for what it throws. */
  async carryOut(): Promise<void> {
    let durationMs: number | null = null;
    try {
      let index = 0;
      while (index < this.#input.rule.actions.length) {
        this.#turn(index);
        const stretch = planStretch(this.#input, index);
        if (stretch === null) {
          // Not awaited: the action is scheduled together with it, in the same workflow task.
          this.#journal.started();
          await this.#carryOutAction(index);
          index += 1;
        } else {
          ({ next: index, durationMs } = await this.#carryOutStretch(stretch));
        }
      }
    } catch (error) {
      // Anything else is a fault in this code: the workflow task fails and is tried again until a fix is deployed.
      if (!(error instanceof ChainStopped)) throw error;
      this.#journal.started();
      await this.#end('failed', () => this.#journal.failed(error.index, error.failure));
      if (isCancellation(error.cause)) throw error.cause;
      throw ApplicationFailure.create({ message: error.message, type: error.failure.code, nonRetryable: true });
    }
    if (durationMs === null) await this.#end('completed', () => this.#journal.completed());
    else this.#ended('completed', durationMs);
  }

  flush(): Promise<void> {
    return this.#journal.flush();
  }

  waitsFor(what: string): void {
    setCurrentDetails(this.#chain.describe(what));
  }

  /** The gate before each action. */
  #turn(index: number): void {
    if (!CancellationScope.current().consideredCancelled) return;
    const cancelled = new CancelledFailure('The run was cancelled');
    throw new ChainStopped(index, failureOf(cancelled), cancelled);
  }

  /**
   * Own writes, carried out together. The one that fails and may be tried again is carried out alone, as if it had
   * stood by itself. @returns where to go on, and how long the run took when the stretch has ended it
   */
  async #carryOutStretch({ steps, summary }: Stretch): Promise<{ next: number; durationMs: number | null }> {
    const { executionId, rule } = this.#input;
    const next = (steps.at(-1)?.index ?? 0) + 1;
    const started = this.#journal.takeStarted();
    const end = next === rule.actions.length ? this.#journal.soFar : null;
    if (started === null) await this.#journal.settled;
    const input = { executionId, at: now(), started, steps, end };
    // What a cancelled run has done must stand in its record, so a stretch that has begun is told of to its end.
    const { outcomes, mayBeRetried, durationMs } = await CancellationScope.nonCancellable(() =>
      carryOutStretch.executeWithOptions({ summary }, [input]),
    );
    for (const outcome of outcomes) {
      const { index, attempts, error } = outcome;
      if (error !== undefined && mayBeRetried) {
        await this.#carryOutAction(index, attempts);
        return { next: index + 1, durationMs: null };
      }
      this.#report(this.#chain.settle(outcome));
      if (error !== undefined) throw new ChainStopped(index, { ...error, attempts }, error);
    }
    return { next, durationMs };
  }

  /** @param attemptsBefore made already, without success */
  async #carryOutAction(index: number, attemptsBefore = 0): Promise<void> {
    const action = this.#input.rule.actions[index];
    if (action === undefined) throw new RangeError(`no action ${index}`);
    this.#chain.begin(index);
    setCurrentDetails(this.#chain.describe());
    try {
      const { detail, attempts = 1 } = await this.#perform(action, index);
      const end = { attempts: attempts + attemptsBefore, ...(detail !== undefined && { detail }) };
      this.#report(this.#chain.end(index, { status: 'completed', ...end }));
    } catch (error) {
      const failure = failureOf(error);
      const { code, message } = failure;
      const attempts = failure.attempts + attemptsBefore;
      this.#report(this.#chain.end(index, { status: 'failed', attempts, error: { code, message } }));
      throw new ChainStopped(index, failure, error);
    }
  }

  #perform({ type, params, mistake }: RunAction, index: number): Promise<StepResult> {
    const step = stepFor(type);
    if (step === undefined) {
      throw new PermanentError('unknown_action', `No action type ${type} is known to this worker`);
    }
    // One that is disabled always belongs to a stretch.
    if (step.kind === 'disabled') throw new RangeError(`${type} has nothing to carry out`);
    if (mistake !== undefined) throw new PermanentError('invalid_params', mistake);
    const subject = subjectOf(this.#input, index);
    const summary = summaryOf(this.#input.rule.actions, index);
    if (step.kind === 'waiting') {
      const { context } = this.#input;
      return step.perform(params, { subject, context, actionType: type, summary, run: this });
    }
    const { activity, input } = step.effect(params, subject);
    // Which input belongs to which effect is known to `EffectCall`, but not kept by looking the function up.
    const effect = effects[activity] as LocalActivityFunctionWithOptions<(input: unknown) => Promise<StepResult>>;
    return effect.executeWithOptions({ summary }, [input]);
  }

  /** The record and the last event are written even though the run is being cancelled. */
  async #end(status: RunReport['status'], write: () => Promise<void>): Promise<void> {
    await CancellationScope.nonCancellable(write);
    this.#ended(status, this.#journal.durationMs);
  }

  #ended(status: RunReport['status'], durationMs: number): void {
    setCurrentDetails(this.#chain.describe());
    upsertSearchAttributes([{ key: searchAttributes.runState, value: status }]);
    outcomes.run({ ...this.#names(), status, durationMs, error: this.#journal.error });
  }

  #report(outcome: ActionOutcome): void {
    outcomes.action({ ...this.#names(), total: this.#input.rule.actions.length, outcome });
  }

  #names(): Pick<RunReport, 'runId' | 'ruleId' | 'ruleName' | 'eventId' | 'tenant'> {
    const { executionId, rule, event, tenant } = this.#input;
    return { runId: executionId, ruleId: rule.id, ruleName: rule.name, eventId: event.id, tenant };
  }
}
