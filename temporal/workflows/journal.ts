/**
 * What a run tells the world: its record in the run log and its lifecycle events. Both go out in one local activity
 * that is tried until it succeeds, so no event can be lost between a change and its publication. The record is written
 * before waits and at the end only: store updates are the dearest part of a run.
 */
import { CancellationScope, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import { lastSequence, type LifecycleDraft, type LifecycleFacts, type WorkflowPaused } from '#libs/domain/lifecycle.ts';
import { nodeId, type RunInput, type RunPatch } from '#libs/domain/run.ts';
import { completionOf, millisecondsBetween, type RunSoFar } from '#libs/domain/run-end.ts';
import type { LocalActivities, PeopleActivities } from '#temporal/contract/activities.ts';
import { now, type Chain } from './chain.ts';
import type { Failure } from './failure-of.ts';
import type { People } from './people.ts';
import { durablePolicy, recordPolicy } from './policies.ts';

const { record } = proxyLocalActivities<LocalActivities>(recordPolicy);
/** For what people did: it must not be told before it is durable. */
const { record: recordDurably } = proxyActivities<PeopleActivities>(durablePolicy);

type Facts<Event extends LifecycleFacts> = Omit<Event, 'executionId' | 'processId' | 'tenantId' | 'occurredAt'>;

/** Omit over each member of the union, not over what they share. */
type AnyFacts = LifecycleFacts extends infer Event ? (Event extends LifecycleFacts ? Facts<Event> : never) : never;

export type PauseFacts = Pick<
  WorkflowPaused,
  'suspendedNodeId' | 'correlationToken' | 'actorId' | 'suspendedAt' | 'expiresAt'
>;

export class Journal {
  readonly #input: RunInput;
  readonly #chain: Chain;
  readonly #people: Pick<People, 'interventions'>;
  readonly #startedAt = workflowInfo().startTime.toISOString();
  #sequence = 0;
  #startTold = false;
  #written: Promise<void> = Promise.resolve();
  #durationMs = 0;
  #error: RunPatch['error'] = null;

  constructor(input: RunInput, chain: Chain, people: Pick<People, 'interventions'>) {
    this.#input = input;
    this.#chain = chain;
    this.#people = people;
  }

  /** Wall clock from the start of the workflow to its end, waits included. */
  get durationMs(): number {
    return this.#durationMs;
  }

  get error(): RunPatch['error'] {
    return this.#error;
  }

  get soFar(): RunSoFar {
    const actions = [...this.#chain.outcomes];
    return { ...this.#names(), startedAt: this.#startedAt, actions, ...this.#interventions() };
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

  /** Whoever was given WorkflowStarted could not publish it. */
  startedUntold(): void {
    this.#startTold = false;
    this.#sequence -= 1;
  }

  /** Resolves when everything told so far is written. */
  get settled(): Promise<void> {
    return this.#written;
  }

  /** Writes how far the run has come. */
  async flush(): Promise<void> {
    await this.#written;
    await this.#write(this.#open('running'), [], 'run log');
  }

  /** @param reason why it ended before its last action, if it did */
  async completed(reason?: string): Promise<void> {
    const { run, event } = completionOf(this.soFar, now());
    this.#durationMs = run.duration_ms;
    await this.#written;
    await this.#write(reason === undefined ? run : { ...run, reason }, [event], event.eventType);
  }

  /** Writes whether an operator holds the run up at its next action; it goes on with the present one meanwhile. */
  async heldUp(isPaused: boolean): Promise<void> {
    await this.#written;
    await this.#write(this.#open(isPaused ? 'paused' : 'running'), [], 'run log', recordDurably);
  }

  /** The run waits for people. */
  async paused(pause: PauseFacts): Promise<void> {
    const facts: AnyFacts = { eventType: 'WorkflowPaused', ...pause };
    await this.#written;
    await this.#write(this.#open('paused'), [this.#next(facts, pause.suspendedAt)], facts.eventType, recordDurably);
  }

  async resumed(by: string, correlationToken: string): Promise<void> {
    const at = now();
    const facts: AnyFacts = { eventType: 'WorkflowResumed', resumedBy: by, correlationToken, resumedAt: at };
    await this.#write(this.#open('running'), [this.#next(facts, at)], facts.eventType, recordDurably);
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

  #write(
    run: RunPatch | null,
    events: LifecycleDraft[],
    summary: string,
    by: Pick<typeof record, 'executeWithOptions'> = record,
  ): Promise<void> {
    const { executionId } = this.#input;
    return by.executeWithOptions({ summary }, [{ executionId, run, events }]);
  }

  #open(status: 'running' | 'paused'): RunPatch {
    return { ...this.#patch(), status, finished_at: null, duration_ms: null };
  }

  #next(facts: AnyFacts, occurredAt: string): LifecycleDraft {
    return this.#event(facts, occurredAt, this.#sequence++);
  }

  #patch(): Omit<RunPatch, 'status' | 'finished_at' | 'duration_ms'> {
    const actions = [...this.#chain.outcomes];
    return { started_at: this.#startedAt, error: this.#error, actions, ...this.#interventions() };
  }

  #interventions(): Pick<RunPatch, 'interventions'> {
    const { interventions } = this.#people;
    return interventions.length === 0 ? {} : { interventions };
  }

  #event(facts: AnyFacts, occurredAt: string, sequence: number): LifecycleDraft {
    return { ...this.#names(), occurredAt, sequence, ...facts };
  }

  #names(): { executionId: string; processId: string; tenantId: string } {
    const { executionId, rule, tenant } = this.#input;
    return { executionId, processId: rule.id, tenantId: tenant };
  }
}
