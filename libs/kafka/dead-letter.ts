/**
 * Dead letters: messages that could not be processed, kept for a person with the reason and the place they came from.
 * The value is the original one byte for byte, so a message can be corrected and published again.
 */
import { headerValues, type IncomingMessage } from '#libs/contracts/message.ts';
import type { DeadLetterReason } from '#libs/domain/events/dead-letter.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import type { ConsumedMessage, MessageHeaders } from './message.ts';
import { SendError } from './ports.ts';
import type { BatchingProducer } from './producer.ts';

export interface DeadLetter {
  /** Stable code, e.g. `not_json`. */
  reason: DeadLetterReason;
  /** What is wrong, for a person. */
  message: string;
  /** Who could not process it, where that is one of several: a consumer group and a handler of it. */
  subscriber?: { group: string; handler?: string };
  /** The brand of its event, where that is known. */
  brand?: string | null;
  /** @property lastOffset where a letter is about all records from `offset` to it */
  origin: { topic: string; partition: number; offset: string; lastOffset?: string; timestamp: string };
  original: Pick<ConsumedMessage, 'key' | 'value'> & Pick<IncomingMessage, 'headers'>;
}

/** Headers of a dead letter. The original headers follow, each under `original.` and its own name. */
export const deadLetterHeaders = {
  reason: 'dead-letter.reason',
  message: 'dead-letter.message',
  topic: 'dead-letter.topic',
  partition: 'dead-letter.partition',
  offset: 'dead-letter.offset',
  /** Present where a whole batch could not be read: its last offset. The value is the batch as Kafka stores it. */
  lastOffset: 'dead-letter.last-offset',
  timestamp: 'dead-letter.timestamp',
  /** Of events that one of many subscribers could not handle: its consumer group, and its handler. */
  group: 'dead-letter.group',
  handler: 'dead-letter.handler',
  /** The brand of the event, where it was known. */
  brand: 'dead-letter.brand',
  /** Bytes of the original value; present only where the whole value could not be written. */
  truncatedFrom: 'dead-letter.truncated-from-bytes',
  /** Names of original headers that had no value, separated by commas: none is written without one. */
  emptyHeaders: 'dead-letter.headers-without-value',
} as const;

/** Before the name of an original header. */
export const originalPrefix = 'original.';
/** Small enough for any broker: Kafka's own limit is 1 MiB. */
const truncatedBytes = 64 * 1024;
/** Characters of a text in a header of ours. */
const maxTextLength = 1000;

interface Content {
  key: Buffer | null;
  value: Buffer | null;
  headers: MessageHeaders;
}

export class DeadLetters {
  readonly #producer: Pick<BatchingProducer, 'send'>;
  readonly #topic: string;

  /** @param topic full name of the dead letter topic */
  constructor(producer: Pick<BatchingProducer, 'send'>, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  /**
   * Resolves when every in-sync replica has the letter; only then may the offset of the message move. What Kafka does
   * not take as a whole is sent with less and less of the original, down to the reason and the place.
   * @throws RetryableError `publish_failed` while Kafka takes nothing
   */
  async send(letter: DeadLetter): Promise<void> {
    let refusal: unknown;
    for (const content of contentsOf(letter)) {
      try {
        const headers = { ...content.headers, ...about(letter) };
        return await this.#producer.send(this.#topic, { key: content.key, value: content.value, headers });
      } catch (error) {
        if (!concernsContent(error)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }
}

/** The whole of the original; without its key and headers, and cut short; nothing of it. */
function* contentsOf({ original: { key, value, headers } }: DeadLetter): Generator<Content> {
  yield { key, value, headers: originalHeaders(headers) };
  const truncated = { [deadLetterHeaders.truncatedFrom]: String(value?.length ?? 0) };
  yield { key: null, value: value?.subarray(0, truncatedBytes) ?? null, headers: truncated };
  yield { key: null, value: null, headers: truncated };
}

function about({ reason, message, origin, subscriber, brand = null }: DeadLetter): MessageHeaders {
  return {
    [deadLetterHeaders.reason]: reason,
    [deadLetterHeaders.message]: shorten(message, maxTextLength),
    [deadLetterHeaders.topic]: origin.topic,
    [deadLetterHeaders.partition]: String(origin.partition),
    [deadLetterHeaders.offset]: origin.offset,
    [deadLetterHeaders.timestamp]: origin.timestamp,
    ...(brand === null ? {} : { [deadLetterHeaders.brand]: brand }),
    ...(subscriber === undefined ? {} : { [deadLetterHeaders.group]: subscriber.group }),
    ...(subscriber?.handler === undefined ? {} : { [deadLetterHeaders.handler]: subscriber.handler }),
    ...(origin.lastOffset === undefined ? {} : { [deadLetterHeaders.lastOffset]: origin.lastOffset }),
  };
}

function originalHeaders(headers: IncomingMessage['headers']): MessageHeaders {
  const written: MessageHeaders = {};
  const empty: string[] = [];
  for (const [name, header] of Object.entries(headers ?? {})) {
    const values = headerValues(header);
    const [first] = values;
    if (first === undefined) empty.push(name);
    else written[`${originalPrefix}${name}`] = values.length === 1 ? first : values;
  }
  if (empty.length > 0) written[deadLetterHeaders.emptyHeaders] = empty.join(',').slice(0, maxTextLength);
  return written;
}

/** False while Kafka is away. */
function concernsContent(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof SendError && error.cause.concerns === 'content';
}
