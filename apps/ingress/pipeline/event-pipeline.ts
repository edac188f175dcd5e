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
import { isPermanent } from '#libs/async/retry.ts';
import type { DirectoryUpdates } from '#libs/domain/directory/directory.ts';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { WaitingEvent } from '#libs/domain/events/waiting-event.ts';
import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';
import type { DeadLetters } from '#libs/kafka/dead-letter.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import type { StoredDecision } from './build-decision.ts';
import type { CustomerActivityRecorder } from './customer-activity.recorder.ts';
import { eachIfNeeded, toReason, type Delivery, type GiveUp, type GiveUpReason } from './delivery.ts';
import { changesDirectory, updateDirectory } from './directory-updates.ts';
import { EventDecider, type EventDeciderOptions } from './event-decider.ts';
import { EventMatcher, type EventMatcherOptions } from './event-matcher.ts';
import type { ObservedEventTypeRecorder } from './observed-event-type.recorder.ts';
import { WaitingEventsResumer, type WaitingEventsOptions } from './waiting-events.resumer.ts';

export interface PipelineOptions extends EventMatcherOptions, EventDeciderOptions, WaitingEventsOptions {
  /** Topic of a full topic name, without the installation's prefix. */
  logicalTopic: (topic: string) => string;
  /** Kafka's own id of a full topic name; null: unknown. */
  topicId: (topic: string) => string | null;
  limits: DecodeLimits;
  feed: DirectoryUpdates;
  activity: CustomerActivityRecorder;
  triggers: ObservedEventTypeRecorder;
  deadLetters: DeadLetters;
}

export class EventPipeline implements ChunkHandler {
  readonly #options: PipelineOptions;

  readonly #decider: EventDecider;
  readonly #waitingEvents: WaitingEventsResumer;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const matcher = new EventMatcher(options);
    this.#decider = new EventDecider(options, matcher);
    this.#waitingEvents = new WaitingEventsResumer(options, matcher);
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

  /** As `WaitingEventsResumer.resume`. */
  async resume(events: readonly WaitingEvent[], isLast: boolean, signal: AbortSignal): Promise<void> {
    await this.#waitingEvents.resume(events, isLast, signal);
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
    const { watermarks, directory, retryPolicy, log } = this.#options;
    if (deliveries.length === 0) return;
    const events = deliveries.map(({ event }) => event);
    const giveUp: GiveUp = ({ message }, why) => this.#sendToDeadLetters(why, message, chunk, signal);
    /** Keys of events whose account came while they were put on the waiting list. */
    const found: string[] = [];
    const decided = await this.#decider.decideAll(deliveries, chunk, { giveUp, found }, signal);
    await this.#noteActivity(events, chunk, signal);
    await this.#noteTriggers(events, signal);
    const feeding = deliveries.filter(({ event }) => changesDirectory(event));
    const changed: number[] = [];
    if (feeding.length > 0) {
      await retryPolicy.retryForever('store', () => watermarks.decided(chunk), signal);
      await eachIfNeeded(feeding, { giveUp, log }, async (some) => {
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
    await this.#waitingEvents.resumeFor(changed, signal);
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
          if (delivery !== undefined) await giveUp(delivery, toReason(delivery, cause, this.#options.log));
        }
      }
    }
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

  async #sendToDeadLetters(
    why: GiveUpReason,
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
}

/** A fault of ours in reading one message must not stop the others. */
function decodeSafely(message: IncomingMessage, limits: DecodeLimits): Decoded | { deadLetter: GiveUpReason } {
  try {
    return decodeMessage(message, limits);
  } catch (error) {
    return { deadLetter: { reason: 'internal_error', message: `the message cannot be read: ${messageOf(error)}` } };
  }
}
