/**
 * What a run tells the world: its record in the run log and its lifecycle events. Both go out in one local activity
 * that is tried until it succeeds, so no event can be lost between a change and its publication. The record is written
 * before waits and at the end only: store updates are the dearest part of a run.
 */
import { CancellationScope, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import { lastSequence, type LifecycleDraft, type LifecycleFacts } from '#libs/domain/lifecycle.ts';
import { nodeId, type RunInput, type RunPatch } from '#libs/domain/run.ts';
import { completionOf, millisecondsBetween, type RunSoFar } from '#libs/domain/run-end.ts';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import { now, type Chain } from './chain.ts';
import type { Failure } from './failure-of.ts';
import { recordPolicy } from './policies.ts';

const { record } = proxyLocalActivities<LocalActivities>(recordPolicy);

type Facts<Event extends LifecycleFacts> = Omit<Event, 'executionId' | 'processId' | 'tenantId' | 'occurredAt'>;

/** Omit over each member of the union, not over what they share. */
type AnyFacts = LifecycleFacts extends infer Event ? (Event extends LifecycleFacts ? Facts<Event> : never) : never;

export class Journal {
  readonly #input: RunInput;
  readonly #chain: Chain;
  readonly #startedAt = workflowInfo().startTime.toISOString();
  #sequence = 0;
  #startTold = false;
  #written: Promise<void> = Promise.resolve();
  #durationMs = 0;
  #error: RunPatch['error'] = null;

  constructor(input: RunInput, chain: Chain) {
    this.#input = input;
    this.#chain = chain;
  }

  /** Wall clock from the start of the workflow to its end, waits included. */
  get durationMs(): number {
    return this.#durationMs;
  }

  get error(): RunPatch['error'] {
    return this.#error;
  }

  get soFar(): RunSoFar {
    return { ...this.#names(), startedAt: this.#startedAt, actions: [...this.#chain.outcomes] };
  }

  /** WorkflowStarted for whoever publishes it; null when somebody was given it before. */
  takeStarted(): LifecycleDraft | null {
    if (this.#startTold) return null;
    this.#startTold = true;
    const { triggeredBy, context } = this.#input;
    const at = this.#startedAt;
    return this.#event(
      { eventType: 'WorkflowStarted', triggeredBy, startedAt: at, triggerPayload: context.event },
      at,
      this.#sequence++,
    );
  }

  /** Schedules WorkflowStarted, unless that is done; whatever is written later waits for it. */
  started(): void {
    const event = this.takeStarted();
    if (event === null) return;
    this.#written = CancellationScope.nonCancellable(() => this.#write(null, [event], 'WorkflowStarted'));
    // Its failure surfaces where it is awaited; until then it must not count as unhandled.
    this.#written.catch(() => undefined);
  }

  /** Resolves when everything told so far is written. */
  get settled(): Promise<void> {
    return this.#written;
  }

  /** Writes how far the run has come. */
  async flush(): Promise<void> {
    await this.#written;
    const patch = { ...this.#patch(), status: 'running', finished_at: null, duration_ms: null } as const;
    await this.#write(patch, [], 'run log');
  }

  async completed(): Promise<void> {
    const { run, event } = completionOf(this.soFar, now());
    this.#durationMs = run.duration_ms;
    await this.#written;
    await this.#write(run, [event], event.eventType);
  }

  /** @param index of the action that failed, or before which the run was cancelled */
  async failed(index: number, { code, message }: Failure): Promise<void> {
    const at = now();
    const action = nodeId(index);
    this.#durationMs = millisecondsBetween(this.#startedAt, at);
    this.#error = { code, message, action };
    const facts: AnyFacts = {
      eventType: 'WorkflowFailed',
      failedNodeId: action,
      failedNodeType: this.#input.rule.actions[index]?.type ?? '',
      errorMessage: message,
      errorType: code,
      failedAt: at,
    };
    const patch = { ...this.#patch(), status: 'failed', finished_at: at, duration_ms: this.#durationMs } as const;
    await this.#written;
    await this.#write(patch, [this.#event(facts, at, lastSequence)], facts.eventType);
  }

  #write(run: RunPatch | null, events: LifecycleDraft[], summary: string): Promise<void> {
    return record.executeWithOptions({ summary }, [{ executionId: this.#input.executionId, run, events }]);
  }

  #patch(): Pick<RunPatch, 'started_at' | 'error' | 'actions'> {
    return { started_at: this.#startedAt, error: this.#error, actions: [...this.#chain.outcomes] };
  }

  #event(facts: AnyFacts, occurredAt: string, sequence: number): LifecycleDraft {
    return { ...this.#names(), occurredAt, sequence, ...facts };
  }

  #names(): { executionId: string; processId: string; tenantId: string } {
    const { executionId, rule, tenant } = this.#input;
    return { executionId, processId: rule.id, tenantId: tenant };
  }
}
