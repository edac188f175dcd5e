/**
 * What a run tells the world: its record in the run log and its lifecycle events. Both go out in one local activity
 * that is tried until it succeeds, so no event can be lost between a change and its publication. The record is written
 * before waits and at the end only: store updates are the dearest part of a run.
 */
import { CancellationScope, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import { lastSequence, type LifecycleDraft, type LifecycleFacts } from '#libs/domain/lifecycle.ts';
import { nodeId, type RunInput, type RunPatch } from '#libs/domain/run.ts';
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
  readonly #startedAt = workflowInfo().startTime;
  #sequence = 0;
  #written: Promise<void> = Promise.resolve();
  #finished: Pick<RunPatch, 'status' | 'finished_at' | 'duration_ms' | 'error'> | undefined;

  constructor(input: RunInput, chain: Chain) {
    this.#input = input;
    this.#chain = chain;
  }

  /** Wall clock from the start of the workflow to its end, waits included. */
  get durationMs(): number {
    return this.#finished?.duration_ms ?? 0;
  }

  get error(): RunPatch['error'] {
    return this.#finished?.error ?? null;
  }

  /** Schedules WorkflowStarted; whatever is written later waits for it. */
  started(): void {
    const { triggeredBy, context } = this.#input;
    const startedAt = this.#startedAt.toISOString();
    const event = this.#event(
      { eventType: 'WorkflowStarted', triggeredBy, startedAt, triggerPayload: context.event },
      startedAt,
    );
    this.#written = CancellationScope.nonCancellable(() => this.#write(null, [event], 'WorkflowStarted'));
    // Its failure surfaces where it is awaited; until then it must not count as unhandled.
    this.#written.catch(() => undefined);
  }

  /** Writes how far the run has come. */
  async flush(): Promise<void> {
    await this.#written;
    await this.#write(this.#patch(), [], 'run log');
  }

  async completed(): Promise<void> {
    const { at, durationMs } = this.#finish('completed', null);
    await this.#writeLast({ eventType: 'WorkflowCompleted', durationMs, completedAt: at, status: 'success' }, at);
  }

  /** @param index of the action that failed, or before which the run was cancelled */
  async failed(index: number, { code, message }: Failure): Promise<void> {
    const action = nodeId(index);
    const { at } = this.#finish('failed', { code, message, action });
    const failedNodeType = this.#input.rule.actions[index]?.type ?? '';
    await this.#writeLast(
      {
        eventType: 'WorkflowFailed',
        failedNodeId: action,
        failedNodeType,
        errorMessage: message,
        errorType: code,
        failedAt: at,
      },
      at,
    );
  }

  async #writeLast(facts: AnyFacts, at: string): Promise<void> {
    await this.#written;
    await this.#write(this.#patch(), [this.#event(facts, at, lastSequence)], facts.eventType);
  }

  async #write(run: RunPatch | null, events: LifecycleDraft[], summary: string): Promise<void> {
    await record.executeWithOptions({ summary }, [{ executionId: this.#input.executionId, run, events }]);
  }

  #finish(status: 'completed' | 'failed', error: RunPatch['error']): { at: string; durationMs: number } {
    const at = now();
    // The two ends are read from two clocks, the server's and the worker's.
    const durationMs = Math.max(0, Date.parse(at) - this.#startedAt.getTime());
    this.#finished = { status, finished_at: at, duration_ms: durationMs, error };
    return { at, durationMs };
  }

  #patch(): RunPatch {
    return {
      status: 'running',
      started_at: this.#startedAt.toISOString(),
      finished_at: null,
      duration_ms: null,
      error: null,
      actions: [...this.#chain.outcomes],
      ...this.#finished,
    };
  }

  #event(facts: AnyFacts, occurredAt: string, sequence = this.#sequence++): LifecycleDraft {
    const { executionId, rule, tenant } = this.#input;
    return { executionId, processId: rule.id, tenantId: tenant, occurredAt, sequence, ...facts };
  }
}
