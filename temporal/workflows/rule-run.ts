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
  proxySinks,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { PermanentError } from '#libs/domain/errors.ts';
import { idempotencyKey, type ActionOutcome, type RunInput } from '#libs/domain/run.ts';
import { progressQuery, searchAttributes } from '#temporal/contract/names.ts';
import type { RunReport, RunSinks } from '#temporal/contract/sinks.ts';
import { Chain } from './chain.ts';
import { Journal } from './journal.ts';
import { failureOf, type Failure } from './failure-of.ts';
import { stepFor } from './steps/registry.ts';
import type { StepHost } from './steps/step.ts';

const progress = defineQuery<readonly ActionOutcome[]>(progressQuery);
const { outcomes } = proxySinks<RunSinks>();

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
    // Not awaited: the first action is scheduled together with it, in the same workflow task.
    this.#journal.started();
    try {
      for (const index of this.#input.rule.actions.keys()) {
        this.#turn(index);
        await this.#carryOutAction(index);
      }
    } catch (error) {
      // Anything else is a fault in this code: the workflow task fails and is tried again until a fix is deployed.
      if (!(error instanceof ChainStopped)) throw error;
      await this.#end('failed', () => this.#journal.failed(error.index, error.failure));
      if (isCancellation(error.cause)) throw error.cause;
      throw ApplicationFailure.create({ message: error.message, type: error.failure.code, nonRetryable: true });
    }
    await this.#end('completed', () => this.#journal.completed());
  }

  async flush(): Promise<void> {
    await this.#journal.flush();
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

  async #carryOutAction(index: number): Promise<void> {
    const { rule, executionId, tenant, event, customerId, login } = this.#input;
    const action = rule.actions[index];
    if (action === undefined) throw new RangeError(`no action ${index}`);
    const step = stepFor(action.type);
    this.#chain.begin(index);
    setCurrentDetails(this.#chain.describe());
    try {
      if (step === undefined) {
        throw new PermanentError('unknown_action', `No action type ${action.type} is known to this worker`);
      }
      const hint = step.hint?.(action.params) ?? '';
      const end = await step.perform(action.params, {
        subject: {
          key: idempotencyKey(executionId, index),
          executionId,
          tenant,
          ruleId: rule.id,
          ruleName: rule.name,
          eventId: event.id,
          customerId,
          login,
        },
        actionType: action.type,
        summary: `${index + 1}/${rule.actions.length} ${action.type}${hint && ` ${hint}`}`,
        run: this,
      });
      this.#report(this.#chain.end(index, end));
    } catch (error) {
      const failure = failureOf(error);
      const { attempts, code, message } = failure;
      this.#report(this.#chain.end(index, { status: 'failed', attempts, error: { code, message } }));
      throw new ChainStopped(index, failure, error);
    }
  }

  /** The record and the last event are written even though the run is being cancelled. */
  async #end(status: RunReport['status'], write: () => Promise<void>): Promise<void> {
    setCurrentDetails(this.#chain.describe());
    await CancellationScope.nonCancellable(write);
    upsertSearchAttributes([{ key: searchAttributes.runState, value: status }]);
    const { durationMs, error } = this.#journal;
    outcomes.run({ ...this.#names(), status, durationMs, error });
  }

  #report(outcome: ActionOutcome): void {
    outcomes.action({ ...this.#names(), total: this.#input.rule.actions.length, outcome });
  }

  #names(): Pick<RunReport, 'runId' | 'ruleId' | 'ruleName' | 'eventId' | 'tenant'> {
    const { executionId, rule, event, tenant } = this.#input;
    return { runId: executionId, ruleId: rule.id, ruleName: rule.name, eventId: event.id, tenant };
  }
}
