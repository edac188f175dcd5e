/**
 * What happens to a chunk of messages: skip what is done → decode → change the directory → match → decide → guard →
 * claim → start. Each step is durable before the next, and each may be repeated: a crash at any point loses nothing and
 * starts nothing twice (see `libs/domain/ledger.ts`).
 */
import type { KafkaMessage } from 'kafkajs';
import {
  decodeMessage,
  type Decoded,
  type DecodeLimits,
  type IncomingMessage,
} from '#libs/contracts/decode-message.ts';
import type { EvaluatedEvent } from '#libs/domain/evaluated-event.ts';
import type { DirectoryFeed } from '#libs/domain/directory.ts';
import { messageOf, SignalboxError } from '#libs/domain/errors.ts';
import { topics, type PlatformEvent } from '#libs/domain/event.ts';
import type { PostponedEvents } from '#libs/domain/postponed-event.ts';
import type { RuleIndex } from '#libs/domain/rule-index.ts';
import type { Chunk, ChunkHandler } from '#libs/kafka/batch.ts';
import type { DeadLetters } from '#libs/kafka/dead-letter.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';
import type { ActivityWatch } from './activity-watch.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';
import type { EvaluationLog } from './evaluation-log.ts';
import { feedDirectory, feedsDirectory, heldFields } from './directory-feed.ts';
import { emptyReport, matchEvents, type MatchReport } from '#libs/matching/matching.ts';
import type { EventBudget } from '#libs/matching/event-budget.ts';
import { isPermanent, type Patience } from './patience.ts';
import { postponedEventOf } from './postponed-message.ts';
import type { TriggerWatch } from './trigger-watch.ts';
import type { ReplayGuard } from './replay-guard.ts';
import type { RunDispatcher } from './run-dispatcher.ts';
import { WorkUnderWay } from './work-under-way.ts';

export interface PipelineOptions {
  /** Topic of a full topic name, without the installation's prefix. */
  logicalTopic: (topic: string) => string;
  limits: DecodeLimits;
  guard: ReplayGuard;
  rules: RuleIndex;
  directory: DirectoryCache;
  feed: DirectoryFeed;
  activity: ActivityWatch;
  triggers: TriggerWatch;
  evaluations: EvaluationLog;
  /** How long matching one event may hold up its partition. */
  budget: EventBudget;
  postponed: Pick<PostponedEvents, 'add'>;
  dispatcher: RunDispatcher;
  deadLetters: DeadLetters;
  patience: Patience;
  metrics: IngressMetrics;
  log: Logger;
}

interface PutAside {
  deadLetter: { reason: string; message: string };
}

/** An event and the message that brought it. */
interface Delivery {
  event: PlatformEvent;
  message: KafkaMessage;
}

export class EventPipeline implements ChunkHandler {
  readonly #options: PipelineOptions;
  /** Chunks of account events under way. */
  readonly #accountWork = new WorkUnderWay();

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  carryOut(chunk: Chunk, signal: AbortSignal): Promise<void> {
    const work = this.#carryOut(chunk, signal);
    return this.#options.logicalTopic(chunk.topic) === topics.account ? this.#accountWork.track(work) : work;
  }

  async #carryOut(chunk: Chunk, signal: AbortSignal): Promise<void> {
    const { guard, patience, metrics } = this.#options;
    const stopTimer = metrics.chunkSeconds.startTimer();
    const unseen = await patience.retryForever('store', () => guard.unseen(chunk), signal);
    const topic = this.#options.logicalTopic(chunk.topic);
    metrics.events.inc({ topic, trigger: '', outcome: 'replayed' }, chunk.messages.length - unseen.length);
    const deliveries = await this.#decode(unseen, chunk, signal);
    try {
      await this.#process(deliveries, chunk, signal);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      await this.#isolate(deliveries, chunk, signal);
    }
    stopTimer();
  }

  async settle(last: Chunk, signal: AbortSignal): Promise<void> {
    const { guard, patience } = this.#options;
    await patience.retryForever('store', () => guard.advance(last), signal);
  }

  async #decode(messages: KafkaMessage[], chunk: Chunk, signal: AbortSignal): Promise<Delivery[]> {
    const topic = this.#options.logicalTopic(chunk.topic);
    const deliveries: Delivery[] = [];
    for (const message of messages) {
      const { key, value, headers, offset, timestamp } = message;
      const incoming = { topic, partition: chunk.partition, offset, timestamp, key, value, headers };
      const decoded = decodeSafely(incoming, this.#options.limits);
      if ('event' in decoded) deliveries.push({ event: decoded.event, message });
      else await this.#putAside(decoded.deadLetter, message, chunk, signal);
    }
    return deliveries;
  }

  async #process(deliveries: Delivery[], chunk: Chunk, signal: AbortSignal): Promise<void> {
    const { dispatcher } = this.#options;
    const events = deliveries.map(({ event }) => event);
    const report = await this.#match(events, chunk, signal);
    this.#count(report, chunk);
    await this.#noteActivity(events, chunk, signal);
    await this.#noteTriggers(events, signal);
    await this.#keepUnmatched(report, signal);
    await this.#postpone(report, deliveries, chunk, signal);
    if (report.matches.length === 0) return;
    const { decided, conflicts } = await dispatcher.decide(report.matches, signal);
    await dispatcher.dispatch(decided, signal);
    for (const { event, message } of deliveries) {
      if (conflicts.has(event)) await this.#putAside(idConflict(event), message, chunk, signal);
    }
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
      return message === undefined ? [] : [postponedEventOf(subject, message, chunk)];
    });
    await this.#options.patience.until('store', () => this.#options.postponed.add(kept), signal);
  }

  async #noteActivity(events: PlatformEvent[], chunk: Chunk, signal: AbortSignal): Promise<void> {
    const { activity, directory, patience } = this.#options;
    const news = activity.news(events);
    if (news.length === 0) return;
    await patience.until('store', () => directory.refresh(chunk.fetch), signal);
    await patience.until('store', () => activity.note(news, directory), signal);
  }

  async #noteTriggers(events: PlatformEvent[], signal: AbortSignal): Promise<void> {
    const { triggers, patience } = this.#options;
    const news = triggers.news(events);
    if (news.length > 0) await patience.until('store', () => triggers.note(news), signal);
  }

  /** What starts something is kept by its decision. */
  async #keepUnmatched({ unmatched }: MatchReport, signal: AbortSignal): Promise<void> {
    const { evaluations, patience } = this.#options;
    const at = new Date().toISOString();
    const kept = unmatched.map(({ subject, outcome, revision }): EvaluatedEvent => {
      const { event, trigger } = subject;
      return { eventId: event.id, trigger, at, revision, outcome, context: subject.context() };
    });
    await patience.until('store', () => evaluations.keep(kept), signal);
  }

  async #match(events: PlatformEvent[], chunk: Chunk, signal: AbortSignal): Promise<MatchReport> {
    const { rules, directory, feed, patience, evaluations, budget } = this.#options;
    const concerned = events.filter((event) => event.trigger !== null && rules.hasTrigger(event.trigger));
    const feeding = events.filter(feedsDirectory);
    if (concerned.length === 0 && feeding.length === 0) {
      const report = emptyReport();
      report.tally.add('no_rule', '', events.length);
      return report;
    }
    const before = this.#accountWork.moment;
    await patience.until('store', () => directory.refresh(chunk.fetch), signal);
    // Before the events of this chunk change anything: a deleted account can no longer be asked.
    const held = await patience.until('store', () => heldFields(concerned, directory), signal);
    await patience.until('store', () => feedDirectory(feeding, feed, directory), signal);
    const options = { asksUnmatched: evaluations.keepsUnmatched, budget, signal };
    const match = (): Promise<MatchReport> =>
      patience.until('store', () => matchEvents(events, rules, directory, held, options), signal);
    const report = await match();
    if (!report.tally.has('no_brand') || this.#accountWork.wasNoneSince(before)) return report;
    // After a downtime an account and its first trades may arrive together, on different topics.
    await this.#accountWork.ended(signal);
    return match();
  }

  /** Something in the chunk cannot be carried out, ever: finds out which event it is and puts that one aside. */
  async #isolate(deliveries: Delivery[], chunk: Chunk, signal: AbortSignal): Promise<void> {
    for (const delivery of deliveries) {
      try {
        await this.#process([delivery], chunk, signal);
      } catch (error) {
        if (!isPermanent(error)) throw error;
        const reason = error instanceof SignalboxError ? error.code : 'internal_error';
        this.#options.log.error({ eventId: delivery.event.id, err: error }, 'an event cannot be carried out');
        await this.#putAside({ reason, message: messageOf(error) }, delivery.message, chunk, signal);
      }
    }
  }

  async #putAside(
    why: { reason: string; message: string },
    { offset, timestamp, key, value, headers }: KafkaMessage,
    { topic, partition }: Chunk,
    signal: AbortSignal,
  ): Promise<void> {
    const { patience, deadLetters, metrics, log } = this.#options;
    const letter = { ...why, origin: { topic, partition, offset, timestamp }, original: { key, value, headers } };
    await patience.retryForever('Kafka', () => deadLetters.send(letter), signal);
    metrics.deadLetters.inc({ reason: why.reason });
    log.warn({ topic, partition, offset, reason: why.reason }, `message put aside: ${why.message}`);
  }

  #count({ tally, warnings }: MatchReport, { topic }: Chunk): void {
    const { metrics, log, logicalTopic } = this.#options;
    for (const { fields, message } of warnings) log.warn(fields, message);
    for (const { outcome, trigger, count } of tally) {
      metrics.events.inc({ topic: logicalTopic(topic), trigger, outcome }, count);
    }
  }
}

/** A mistake of ours in reading one message must not stop the others. */
function decodeSafely(message: IncomingMessage, limits: DecodeLimits): Decoded | PutAside {
  try {
    return decodeMessage(message, limits);
  } catch (error) {
    return { deadLetter: { reason: 'internal_error', message: `the message cannot be read: ${messageOf(error)}` } };
  }
}

function idConflict({ id }: PlatformEvent): { reason: string; message: string } {
  return {
    reason: 'event_id_conflict',
    message: `another event has been carried out under the id ${id}: ids must be unique`,
  };
}
