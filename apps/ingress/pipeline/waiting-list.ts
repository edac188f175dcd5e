/**
 * Events that wait for an account or group, from the ingress's side. A process that keeps one looks at the directory once more
 * after it is kept; a process that changes an account looks for events that wait for it after the change. So at least one of
 * the two sees the other, and both may: what they start is started once.
 */
import { eventFingerprint, hasFingerprint } from '#libs/contracts/event-fingerprint.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { WaitingEvent, WaitingEvents } from '#libs/domain/events/waiting-event.ts';
import type { WaitingCandidate } from '#libs/matching/match-events.ts';
import { waitForLogin } from '#libs/matching/event-subject.ts';
import { topics, type PlatformEvent } from '#libs/domain/events/platform-event.ts';

export interface WaitingTimes {
  /** How long an event of the broker waits, in milliseconds. */
  brokerMs: number;
  /** How long a CRM event waits at least, in milliseconds. */
  crmMs: number;
}

/** Events looked at together. */
const pageSize = 200;

export class WaitingList {
  readonly #store: WaitingEvents;
  readonly #times: WaitingTimes;
  readonly #now: () => number;

  constructor(store: WaitingEvents, times: WaitingTimes, now: () => number = Date.now) {
    this.#store = store;
    this.#times = times;
    this.#now = now;
  }

  /**
   * Idempotent: how long an event waits counts from when it was kept first.
   * @returns the events whose id belongs to another event that is kept
   */
  async keep(waiting: readonly WaitingCandidate[]): Promise<Set<PlatformEvent>> {
    const conflicts = new Set<PlatformEvent>();
    if (waiting.length === 0) return conflicts;
    const kept = await this.#store.keep(waiting.map((one) => this.#toWaitingEvent(one)));
    for (const [index, earlier] of kept) {
      const { event, waitsFor } = waiting[index]!;
      if (!hasFingerprint(event, eventFingerprint(earlier.event))) conflicts.add(event);
      else if (earlier.waitsFor !== waitsFor) await this.#store.waitFor(earlier.key, waitsFor);
    }
    return conflicts;
  }

  any(): Promise<boolean> {
    return this.#store.any();
  }

  /** Some of the events that wait for the account. @param after the last one before; null at the beginning */
  forAccount(login: number, after: WaitingEvent | null): Promise<WaitingEvent[]> {
    return this.#store.waitingFor(waitForLogin(login), after?.key ?? '', pageSize);
  }

  /** Some of the events that wait for a group. @param after the last one before; null at the beginning */
  forGroups(after: WaitingEvent | null): Promise<WaitingEvent[]> {
    return this.#store.waitingForGroups(after?.key ?? '', pageSize);
  }

  due(): Promise<WaitingEvent[]> {
    return this.#store.due(new Date(this.#now()).toISOString(), pageSize);
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#store.remove(keys);
  }

  async giveUp(key: string): Promise<void> {
    await this.#store.giveUp([key]);
  }

  /** @param days how long events are kept that were given up */
  async forget(days: number): Promise<void> {
    const before = new Date(this.#now() - days * 86_400_000).toISOString();
    while ((await this.#store.forget(before)) > 0);
  }

  #toWaitingEvent({ event, held, waitsFor }: WaitingCandidate): WaitingEvent {
    const now = this.#now();
    const { brokerMs, crmMs } = this.#times;
    const until = new Date(now + (event.topic === topics.crm ? crmMs : brokerMs)).toISOString();
    return { key: eventKey(event), event, held, waitsFor, since: new Date(now).toISOString(), until };
  }
}
