/**
 * First attempts at sending events to a subscription: those of a run one after the other, those of different runs side
 * by side. One that fails goes into the queue of its run, and so do the later events of that run.
 */
import { randomUUID } from 'node:crypto';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryAttempt } from '#libs/domain/subscriptions/delivery.ts';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import type { ReleaseSlot } from '#libs/subscriptions/attempt-slots.ts';
import type { SendOutcome, WebhookSender } from '#libs/subscriptions/webhook-sender.ts';
import type { Lane } from './lane.ts';

export interface FirstAttemptPorts {
  sender: WebhookSender;
  /** For each attempt, in milliseconds. */
  timeoutMs: number;
  /** Runs side by side. */
  concurrency: number;
  /** Waits for the store. */
  record: (attempt: DeliveryAttempt) => Promise<void>;
  /**
   * Puts the event into the queue of its run if there is one: earlier events of the run wait then. Waits for the store.
   * @returns whether there is one
   */
  joinQueue: (subscriptionId: string, event: KeptEvent) => Promise<boolean>;
  /**
   * Makes the queue of the run, or puts the event at its place in it. Waits for the store.
   * @param failed the attempt that was made
   * @returns when the next attempt follows, ISO 8601 UTC
   */
  defer: (subscriptionId: string, event: KeptEvent, failed: SendOutcome) => Promise<string>;
  /** Told of each outcome, which may say something of the subscription as a whole. Waits for the store. */
  observe: (subscription: StoredSubscription, event: KeptEvent, outcome: SendOutcome) => Promise<void>;
}

export interface Recipient {
  /** As it is now; null when nothing is to be sent to it now. */
  current: () => StoredSubscription | null;
  lane: Lane;
}

/** Offsets of events on their way; both are emptied as it goes on. */
export class Progress {
  /** No request was answered yet, and they are in no queue. */
  readonly unsent: Set<number>;
  /** Those, and those of which the store does not know yet what came of them. */
  readonly undone: Set<number>;

  constructor(events: readonly KeptEvent[]) {
    this.unsent = new Set(events.map(({ offset }) => offset));
    this.undone = new Set(this.unsent);
  }
}

export class FirstAttempts {
  readonly #ports: FirstAttemptPorts;

  constructor(ports: FirstAttemptPorts) {
    this.#ports = ports;
  }

  /**
   * @param events in the order of their offsets
   * @param progress of these events
   * @param signal ends attempts under way; `send` then rejects with its reason
   */
  async send(
    recipient: Recipient,
    events: readonly KeptEvent[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<void> {
    const runs = groupByRun(events);
    const records: Promise<void>[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let run = runs[next++]; run !== undefined; run = runs[next++]) {
        for (const event of run) {
          const handled = await this.#handle(recipient, event, progress, signal);
          if (handled === null) return;
          // The next attempt does not wait until this one is on record.
          const recorded = handled.recorded.then(() => void progress.undone.delete(event.offset));
          // Looked at below, once the attempts have ended.
          recorded.catch(() => undefined);
          records.push(recorded);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#ports.concurrency, runs.length) }, work));
    await Promise.all(records);
  }

  /** @returns null when nothing more is to be sent now */
  async #handle(
    { current, lane }: Recipient,
    event: KeptEvent,
    { unsent }: Progress,
    signal: AbortSignal,
  ): Promise<{ recorded: Promise<void> } | null> {
    const { defer, joinQueue, observe } = this.#ports;
    const subscriptionId = current()?.subscription_id;
    if (subscriptionId === undefined) return null;
    if (await joinQueue(subscriptionId, event)) {
      unsent.delete(event.offset);
      return { recorded: Promise.resolve() };
    }
    const release = await lane.acquire(() => current() !== null && !signal.aborted);
    const subscription = current();
    if (release === null || subscription === null) {
      release?.();
      signal.throwIfAborted();
      return null;
    }
    const outcome = await this.#attempt(subscription, event, release, signal);
    unsent.delete(event.offset);
    const nextAt = outcome.isDelivered ? null : await defer(subscriptionId, event, outcome);
    await observe(subscription, event, outcome);
    return { recorded: this.#ports.record(toAttempt(subscriptionId, event, outcome, nextAt)) };
  }

  async #attempt(
    subscription: StoredSubscription,
    event: KeptEvent,
    release: ReleaseSlot,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    let outcome: SendOutcome | undefined;
    try {
      outcome = await this.#ports.sender.send(subscription, event, this.#ports.timeoutMs, signal);
      return outcome;
    } finally {
      release(outcome);
    }
  }
}

function groupByRun(events: readonly KeptEvent[]): KeptEvent[][] {
  const runs = new Map<string, KeptEvent[]>();
  for (const event of events) {
    const run = runs.get(event.executionId);
    if (run === undefined) runs.set(event.executionId, [event]);
    else run.push(event);
  }
  return [...runs.values()];
}

function toAttempt(
  subscriptionId: string,
  event: KeptEvent,
  { at, isDelivered, status, error, excerpt, durationMs }: SendOutcome,
  nextAt: string | null,
): DeliveryAttempt {
  const { eventId, executionId, sequence, type } = event;
  return {
    attempt_id: randomUUID(),
    subscription_id: subscriptionId,
    event_id: eventId,
    execution_id: executionId,
    sequence,
    type,
    at,
    number: 1,
    outcome: isDelivered ? 'delivered' : 'failed',
    status,
    error,
    excerpt,
    duration_ms: durationMs,
    next_at: nextAt,
  };
}
