/**
 * What happens to a chunk of messages: skip what is done → decode → match and decide → change the directory → admit →
 * claim → start. Each step is durable before the next, and each may be repeated: a crash at any point loses nothing and
 * starts nothing twice (see `libs/domain/runs/run-ledger.ts`). Events are decided before they change what they are decided by:
 * a repetition would find an account removed, or linked to another customer, that the event itself or one behind it in
 * the chunk has changed.
 */
import {
  decodeMessage,
  type Decoded,
  type DecodeLimits,
  type IncomingMessage,
} from '#libs/contracts/decode-message.ts';
import type { KnownAccountFields } from '#libs/domain/directory/account-history.ts';
import type { EvaluatedEvent } from '#libs/domain/matching/evaluated-event.ts';
import type { DirectoryUpdates } from '#libs/domain/directory/directory.ts';
import { messageOf, SignalboxError } from '#libs/domain/errors/errors.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import { type PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { PostponedEvents } from '#libs/domain/matching/postponed-event.ts';
import type { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { WaitingEvent } from '#libs/domain/events/waiting-event.ts';
import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';
import type { DeadLetters } from '#libs/kafka/dead-letter.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';
import type { CustomerActivityRecorder } from './customer-activity.recorder.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';
import type { StoredDecision } from './build-decision.ts';
import type { EvaluationLog } from './evaluation-log.ts';
import { updateDirectory, changesDirectory, knownAccountFields, readCustomerStates } from './directory-updates.ts';
import {
  emptyReport,
  matchEvents,
  type MatchingOptions,
  type MatchReport,
  type WaitingCandidate,
} from '#libs/matching/match-events.ts';
import type { EventBudget } from '#libs/matching/event-budget.ts';
import type { PartitionWatermarks } from './partition-watermarks.ts';
import { isPermanent, type RetryPolicy } from '#libs/async/retry.ts';
import { toPostponedEvent } from './postponed-message.ts';
import type { ObservedEventTypeRecorder } from './observed-event-type.recorder.ts';
import type { RunDispatcher } from './run-dispatcher.ts';
import type { WaitingList } from './waiting-list.ts';

export interface PipelineOptions {
  /** Topic of a full topic name, without the installation's prefix. */
  logicalTopic: (topic: string) => string;
  /** Kafka's own id of a full topic name; null: unknown. */
  topicId: (topic: string) => string | null;
  limits: DecodeLimits;
  watermarks: PartitionWatermarks;
  rules: RuleIndex;
  directory: DirectoryCache;
  feed: DirectoryUpdates;
  waiting: WaitingList;
  activity: CustomerActivityRecorder;
  triggers: ObservedEventTypeRecorder;
  evaluations: EvaluationLog;
  /** How long matching one event may hold up its partition. */
  budget: EventBudget;
  postponed: Pick<PostponedEvents, 'add'>;
  dispatcher: RunDispatcher;
  deadLetters: DeadLetters;
  retryPolicy: RetryPolicy;
  metrics: IngressMetrics;
  log: Logger;
}

/** An event and the message that brought it. */
interface Delivery {
  event: PlatformEvent;
  message: ConsumedMessage;
}

/** Of account events: what was known of their accounts before them. */
type Held = ReadonlyMap<PlatformEvent, KnownAccountFields>;

/** What becomes of one delivery that cannot be processed, ever. */
type GiveUp = (delivery: Delivery, why: { reason: string; message: string }) => Promise<void>;

export class EventPipeline implements ChunkHandler {
  readonly #options: PipelineOptions;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  async process(chunk: Chunk, signal: AbortSignal): Promise<void> {
    const { watermarks, retryPolicy, metrics } = this.#options;
    const stopTimer = metrics.chunkSeconds.startTimer();
    const open = await retryPolicy.retryForever('store', () => watermarks.newMessages(chunk), signal);
    const topic = this.#options.logicalTopic(chunk.topic);
    metrics.events.inc({ topic, trigger: '', outcome: 'replayed' }, chunk.messages.length - open.length);
    const deliveries = await this.#decode(open, chunk, signal);
    await this.#process(deliveries, chunk, signal);
    await watermarks.processed(chunk);
    stopTimer();
  }

  async commit(last: Chunk, signal: AbortSignal): Promise<void> {
    const { watermarks, retryPolicy } = this.#options;
    await retryPolicy.retryForever('store', () => watermarks.advance(last), signal);
  }

  /**
   * Decides events that have waited, and starts their runs.
   * @param isLast whether they wait no longer: an event without a brand then starts what no brand is needed for
   */
  async resume(events: readonly WaitingEvent[], isLast: boolean, signal: AbortSignal): Promise<void> {
    const { waiting, directory, dispatcher, retryPolicy, rules, log } = this.#options;
    const held = new Map(events.flatMap((one) => (one.held === null ? [] : [[one.event, one.held]])));
    await retryPolicy.retry('store', () => directory.refresh({}), signal);
    for (const one of events) {
      try {
        const report = await this.#match(
          [one.event],
          held,
          { mayWait: !isLast, said: readCustomerStates([one.event]) },
          signal,
        );
        // A rule of a newer build has to be held against it, too.
        if (report.evaluated.some(({ trigger, brand }) => rules.isHeldUp(trigger, brand))) continue;
        if (report.waiting.length > 0) {
          if (report.waiting[0]!.waitsFor !== one.waitsFor) {
            await retryPolicy.retry('store', () => waiting.keep(report.waiting), signal);
          }
          continue;
        }
        this.#count(report, one.event.topic);
        await this.#keepUnmatched(report, signal);
        const { decided, conflicts } = await dispatcher.decide(report.matches, signal);
        if (conflicts.size > 0) log.warn({ eventId: one.event.id }, idConflict(one.event).message);
        await dispatcher.dispatch(decided, signal);
        const isForAPerson = report.tally.has('no_brand') || conflicts.size > 0;
        await retryPolicy.retry(
          'store',
          () => (isForAPerson ? waiting.giveUp(one.key) : waiting.remove([one.key])),
          signal,
        );
      } catch (error) {
        if (!isPermanent(error)) throw error;
        log.error({ eventId: one.event.id, err: error }, 'a waiting event cannot be processed: it is given up');
        await retryPolicy.retry('store', () => waiting.giveUp(one.key), signal);
      }
    }
  }

  async #decode(messages: ConsumedMessage[], chunk: Chunk, signal: AbortSignal): Promise<Delivery[]> {
    const { logicalTopic, topicId, limits, log } = this.#options;
    const topic = logicalTopic(chunk.topic);
    const id = topicId(chunk.topic);
    const deliveries: Delivery[] = [];
    for (const message of messages) {
      if (message.unreadableBatch !== undefined) {
        await this.#sendToDeadLetters(message.unreadableBatch, message, chunk, signal);
        continue;
      }
      const { key, value, headers, offset, timestamp } = message;
      const incoming = { topic, topicId: id, partition: chunk.partition, offset, timestamp, key, value, headers };
      const decoded = decodeSafely(incoming, limits);
      if ('deadLetter' in decoded) {
        await this.#sendToDeadLetters(decoded.deadLetter, message, chunk, signal);
        continue;
      }
      const { event } = decoded;
      event.position = { partition: `${id ?? chunk.topic}/${chunk.partition}`, offset };
      if (event.aheadMs !== undefined) {
        const { id: eventId, login, aheadMs } = event;
        log.warn(
          { topic, eventId, login, aheadMs },
          'the time of an event lies ahead of its arrival, which counts instead',
        );
      }
      deliveries.push({ event, message });
    }
    return deliveries;
  }

  async #process(deliveries: Delivery[], chunk: Chunk, signal: AbortSignal): Promise<void> {
    const { watermarks, directory, retryPolicy } = this.#options;
    if (deliveries.length === 0) return;
    const events = deliveries.map(({ event }) => event);
    const giveUp: GiveUp = ({ message }, why) => this.#sendToDeadLetters(why, message, chunk, signal);
    /** Keys of events whose account came while they were put on the waiting list. */
    const found: string[] = [];
    const decided = await this.#decideAll(deliveries, chunk, { giveUp, found }, signal);
    await this.#noteActivity(events, chunk, signal);
    await this.#noteTriggers(events, signal);
    const feeding = deliveries.filter(({ event }) => changesDirectory(event));
    const changed: number[] = [];
    if (feeding.length > 0) {
      await retryPolicy.retryForever('store', () => watermarks.decided(chunk), signal);
      await this.#eachIfNeeded(feeding, giveUp, async (some) => {
        const logins = await retryPolicy.retry(
          'store',
          () =>
            updateDirectory(
              some.map(({ event }) => event),
              this.#options.feed,
              directory,
            ),
          signal,
        );
        changed.push(...logins);
      });
    }
    await this.#dispatch(decided, deliveries, giveUp, signal);
    await retryPolicy.retry('store', () => this.#options.waiting.remove(found), signal);
    await this.#resumeFor(changed, signal);
  }

  /** Decides the events that have not been decided at an earlier delivery, and finds what was decided about the others. */
  async #decideAll(
    deliveries: Delivery[],
    chunk: Chunk,
    { giveUp, found }: { giveUp: GiveUp; found: string[] },
    signal: AbortSignal,
  ): Promise<StoredDecision[]> {
    const { watermarks, dispatcher } = this.#options;
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
    await this.#eachIfNeeded(fresh, giveUp, async (some) => {
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
    const report = await this.#match(events, held, options, signal);
    this.#count(report, events[0]!.topic);
    await this.#keepUnmatched(report, signal);
    const { matches } = report;
    const conflicts = new Set<PlatformEvent>();
    if (report.waiting.length > 0) {
      this.#countWaiting(report.waiting);
      const others = await retryPolicy.retry('store', () => waiting.keep(report.waiting), signal);
      for (const event of others) conflicts.add(event);
      // A change of the directory before they were kept has not found them.
      await retryPolicy.retry('store', () => directory.refresh({}), signal);
      const waited = report.waiting.map(({ event }) => event).filter((event) => !conflicts.has(event));
      const late = await this.#match(waited, held, options, signal);
      this.#count(late, events[0]!.topic);
      await this.#keepUnmatched(late, signal);
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

  async #dispatch(
    decided: StoredDecision[],
    deliveries: Delivery[],
    giveUp: GiveUp,
    signal: AbortSignal,
  ): Promise<void> {
    const { dispatcher } = this.#options;
    try {
      await dispatcher.dispatch(decided, signal);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      for (const one of decided) {
        try {
          await dispatcher.dispatch([one], signal);
        } catch (cause) {
          if (!isPermanent(cause)) throw cause;
          const delivery = deliveries.find(({ event }) => eventKey(event) === one.decision.eventKey);
          if (delivery !== undefined) await giveUp(delivery, this.#failure(delivery, cause));
        }
      }
    }
  }

  /** Events that waited for accounts of this chunk. */
  async #resumeFor(logins: readonly number[], signal: AbortSignal): Promise<void> {
    const { waiting, retryPolicy } = this.#options;
    if (logins.length === 0) return;
    if (!(await retryPolicy.retry('store', () => waiting.any(), signal))) return;
    for (const login of new Set(logins)) {
      for (let last: WaitingEvent | null = null; ;) {
        const page: WaitingEvent[] = await retryPolicy.retry('store', () => waiting.forAccount(login, last), signal);
        if (page.length === 0) break;
        await this.resume(page, false, signal);
        last = page.at(-1)!;
      }
    }
  }

  /** All together, and one after the other when something in them cannot be processed, ever: that one is given up. */
  async #eachIfNeeded(
    deliveries: Delivery[],
    giveUp: GiveUp,
    work: (some: Delivery[]) => Promise<void>,
  ): Promise<void> {
    try {
      await work(deliveries);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      for (const delivery of deliveries) {
        try {
          await work([delivery]);
        } catch (cause) {
          if (!isPermanent(cause)) throw cause;
          await giveUp(delivery, this.#failure(delivery, cause));
        }
      }
    }
  }

  #failure({ event }: Delivery, error: unknown): { reason: string; message: string } {
    this.#options.log.error({ eventId: event.id, err: error }, 'an event cannot be processed');
    return { reason: error instanceof SignalboxError ? error.code : 'internal_error', message: messageOf(error) };
  }

  async #noteActivity(events: PlatformEvent[], chunk: Chunk, signal: AbortSignal): Promise<void> {
    const { activity, directory, retryPolicy } = this.#options;
    const news = activity.news(events);
    if (news.length === 0) return;
    await retryPolicy.retry('store', () => directory.refresh(chunk.fetch), signal);
    await retryPolicy.retry('store', () => activity.note(news, directory), signal);
  }

  async #noteTriggers(events: PlatformEvent[], signal: AbortSignal): Promise<void> {
    const { triggers, retryPolicy } = this.#options;
    const news = triggers.news(events);
    if (news.length > 0) await retryPolicy.retry('store', () => triggers.note(news), signal);
  }

  /** What starts something is kept by its decision. */
  async #keepUnmatched({ unmatched }: MatchReport, signal: AbortSignal): Promise<void> {
    const { evaluations, retryPolicy } = this.#options;
    const at = new Date().toISOString();
    const kept = unmatched.map(({ subject, outcome, revision }): EvaluatedEvent => {
      const { event, trigger } = subject;
      const context = subject.context();
      return { eventKey: eventKey(event), eventId: event.id, trigger, at, revision, outcome, context };
    });
    await retryPolicy.retry('store', () => evaluations.keep(kept), signal);
  }

  async #match(
    events: readonly PlatformEvent[],
    held: Held,
    options: Pick<MatchingOptions, 'mayWait' | 'budget' | 'said'>,
    signal: AbortSignal,
  ): Promise<MatchReport> {
    const { rules, directory, retryPolicy, evaluations } = this.#options;
    if (!events.some(({ trigger }) => trigger !== null && rules.hasTrigger(trigger))) {
      const report = emptyReport();
      report.tally.add('no_rule', '', events.length);
      return report;
    }
    const all = { ...options, asksUnmatched: evaluations.keepsUnmatched, signal };
    return retryPolicy.retry('store', () => matchEvents(events, rules, directory, held, all), signal);
  }

  async #sendToDeadLetters(
    why: { reason: string; message: string },
    message: ConsumedMessage,
    { topic, partition }: Chunk,
    signal: AbortSignal,
  ): Promise<void> {
    const { retryPolicy, deadLetters, metrics, log } = this.#options;
    const { timestamp, key, value, headers, unreadableBatch: batch } = message;
    const offset = batch?.firstOffset ?? message.offset;
    const origin = { topic, partition, offset, timestamp, ...(batch && { lastOffset: batch.lastOffset }) };
    const { reason, message: text } = why;
    const letter = { reason, message: text, origin, original: { key, value, headers } };
    await retryPolicy.retryForever('Kafka', () => deadLetters.send(letter), signal);
    metrics.deadLetters.inc({ reason: why.reason });
    log.warn({ topic, partition, offset, reason: why.reason }, `message sent to the dead letters: ${why.message}`);
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

  /** @param topic logical name */
  #count({ tally, warnings }: MatchReport, topic: string): void {
    const { metrics, log } = this.#options;
    for (const { fields, message } of warnings) log.warn(fields, message);
    for (const { outcome, trigger, count } of tally) metrics.events.inc({ topic, trigger, outcome }, count);
  }
}

/** A fault of ours in reading one message must not stop the others. */
function decodeSafely(
  message: IncomingMessage,
  limits: DecodeLimits,
): Decoded | { deadLetter: { reason: string; message: string } } {
  try {
    return decodeMessage(message, limits);
  } catch (error) {
    return { deadLetter: { reason: 'internal_error', message: `the message cannot be read: ${messageOf(error)}` } };
  }
}

function idConflict({ id }: PlatformEvent): { reason: string; message: string } {
  return {
    reason: 'event_id_conflict',
    message: `another event has come under the id ${id}: ids must be unique`,
  };
}
