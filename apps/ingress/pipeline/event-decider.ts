/** Decides about events: which runs they start, what waits for its account, and what is matched later. */
import type { RetryPolicy } from '#libs/async/retry.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { PostponedEvents } from '#libs/domain/matching/postponed-event.ts';
import type { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { Chunk } from '#libs/kafka/chunk.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';
import type { EventBudget } from '#libs/matching/event-budget.ts';
import type { MatchingOptions, MatchReport, WaitingCandidate } from '#libs/matching/match-events.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';
import type { StoredDecision } from './build-decision.ts';
import { eachIfNeeded, idConflict, type Delivery, type GiveUp, type Held } from './delivery.ts';
import { changesDirectory, knownAccountFields, readCustomerStates } from './directory-updates.ts';
import type { EventMatcher } from './event-matcher.ts';
import type { PartitionWatermarks } from './partition-watermarks.ts';
import { toPostponedEvent } from './postponed-message.ts';
import type { RunDispatcher } from './run-dispatcher.ts';
import type { WaitingList } from './waiting-list.ts';

export interface EventDeciderOptions {
  watermarks: PartitionWatermarks;
  rules: RuleIndex;
  directory: DirectoryCache;
  waiting: WaitingList;
  /** How long matching one event may hold up its partition. */
  budget: EventBudget;
  postponed: Pick<PostponedEvents, 'add'>;
  dispatcher: RunDispatcher;
  retryPolicy: RetryPolicy;
  metrics: IngressMetrics;
  log: Logger;
}

export class EventDecider {
  readonly #options: EventDeciderOptions;
  readonly #matcher: EventMatcher;

  constructor(options: EventDeciderOptions, matcher: EventMatcher) {
    this.#options = options;
    this.#matcher = matcher;
  }

  /** Decides the events that have not been decided at an earlier delivery, and finds what was decided about the others. */
  async decideAll(
    deliveries: Delivery[],
    chunk: Chunk,
    { giveUp, found }: { giveUp: GiveUp; found: string[] },
    signal: AbortSignal,
  ): Promise<StoredDecision[]> {
    const { watermarks, dispatcher, log } = this.#options;
    const fresh: Delivery[] = [];
    const again: Delivery[] = [];
    const isDecided = await watermarks.decidedBefore(chunk);
    for (const delivery of deliveries) (isDecided(delivery.message) ? again : fresh).push(delivery);
    const decided: StoredDecision[] = [];
    const take = async (some: Delivery[], outcome: { decided: StoredDecision[]; conflicts: Set<PlatformEvent> }) => {
      decided.push(...outcome.decided);
      for (const one of some) if (outcome.conflicts.has(one.event)) await giveUp(one, idConflict(one.event));
    };
    if (again.length > 0)
      await take(
        again,
        await dispatcher.recall(
          again.map(({ event }) => event),
          signal,
        ),
      );
    if (fresh.length === 0) return decided;
    const held = await this.#heldFields(fresh, chunk, signal);
    const said = readCustomerStates(deliveries.map(({ event }) => event));
    await eachIfNeeded(fresh, { giveUp, log }, async (some) => {
      await take(some, await this.#decide(some, { held, said, found }, chunk, signal));
    });
    return decided;
  }

  async #decide(
    some: Delivery[],
    { held, said, found }: { held: Held; said: NonNullable<MatchingOptions['said']>; found: string[] },
    chunk: Chunk,
    signal: AbortSignal,
  ): Promise<{ decided: StoredDecision[]; conflicts: Set<PlatformEvent> }> {
    const { waiting, directory, dispatcher, retryPolicy, budget } = this.#options;
    const events = some.map(({ event }) => event);
    const options = { mayWait: true, budget, said };
    const report = await this.#matcher.match(events, held, options, signal);
    await this.#matcher.tell(report, events[0]!.topic, signal);
    const { matches } = report;
    const conflicts = new Set<PlatformEvent>();
    if (report.waiting.length > 0) {
      this.#countWaiting(report.waiting);
      const others = await retryPolicy.retry('store', () => waiting.keep(report.waiting), signal);
      for (const event of others) conflicts.add(event);
      // A change of the directory before they were kept has not found them.
      await retryPolicy.retry('store', () => directory.refresh({}), signal);
      const waited = report.waiting.map(({ event }) => event).filter((event) => !conflicts.has(event));
      const late = await this.#matcher.match(waited, held, options, signal);
      await this.#matcher.tell(late, events[0]!.topic, signal);
      const stillWaiting = new Set(late.waiting.map(({ event }) => event));
      found.push(...waited.filter((event) => !stillWaiting.has(event)).map(eventKey));
      matches.push(...late.matches);
      report.postponed.push(...late.postponed);
    }
    await this.#postpone(report, some, chunk, signal);
    if (matches.length === 0) return { decided: [], conflicts };
    const outcome = await dispatcher.decide(matches, signal);
    return { ...outcome, conflicts: new Set([...conflicts, ...outcome.conflicts]) };
  }

  /** From here on they are the lane's: see `postponed-lane.ts`. */
  async #postpone(
    { postponed }: MatchReport,
    deliveries: Delivery[],
    chunk: Chunk,
    signal: AbortSignal,
  ): Promise<void> {
    if (postponed.length === 0) return;
    const messages = new Map(deliveries.map(({ event, message }) => [event, message]));
    const kept = postponed.flatMap((subject) => {
      const message = messages.get(subject.event);
      return message === undefined ? [] : [toPostponedEvent(subject, message, chunk)];
    });
    await this.#options.retryPolicy.retry('store', () => this.#options.postponed.add(kept), signal);
  }

  async #heldFields(deliveries: Delivery[], chunk: Chunk, signal: AbortSignal): Promise<Held> {
    const { rules, directory, retryPolicy } = this.#options;
    const isConcerned = ({ trigger }: PlatformEvent): boolean => trigger !== null && rules.hasTrigger(trigger);
    const events = deliveries.map(({ event }) => event);
    if (!events.some((event) => isConcerned(event) || changesDirectory(event))) return new Map();
    await retryPolicy.retry('store', () => directory.refresh(chunk.fetch), signal);
    // Of all account events: one that no rule is for may link the account to its customer.
    return retryPolicy.retry('store', () => knownAccountFields(events, directory), signal);
  }

  #countWaiting(waiting: readonly WaitingCandidate[]): void {
    const { metrics, log } = this.#options;
    for (const { event, trigger, waitsFor } of waiting) {
      const { id: eventId, topic, login, customerId } = event;
      const fields = { eventId, trigger, login, customerId, waitsFor };
      log.warn(fields, 'no brand can be resolved for the event yet: it waits for its account');
      metrics.events.inc({ topic, trigger, outcome: 'waiting' });
    }
  }
}
