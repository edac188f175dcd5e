/**
 * Dead letters: messages that nobody could carry out, kept for a person with the reason and the place they came from.
 * The value is the original one byte for byte, so a message can be corrected and published again.
 */
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { BatchingProducer } from './producer.ts';
import { shorten } from '#libs/domain/shorten.ts';

export interface DeadLetter {
  /** Stable code, e.g. `not_json`. */
  reason: string;
  /** What is wrong, for a person. */
  message: string;
  /** @property lastOffset where a letter is about all records from `offset` to it */
  origin: { topic: string; partition: number; offset: string; lastOffset?: string; timestamp: string };
  original: Pick<KafkaMessage, 'key' | 'value' | 'headers'>;
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
  /** Bytes of the original value; present only where the broker refused the whole value. */
  truncatedFrom: 'dead-letter.truncated-from-bytes',
} as const;

const originalPrefix = 'original.';
/** Small enough for any broker: Kafka's own limit is 1 MiB. */
const truncatedBytes = 64 * 1024;

export class DeadLetters {
  readonly #producer: Pick<BatchingProducer, 'send'>;
  readonly #topic: string;

  /** @param topic full name of the dead letter topic */
  constructor(producer: Pick<BatchingProducer, 'send'>, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  /**
   * Resolves when every in-sync replica has the letter; only then may the offset of the message move.
   * A value that the broker finds too large is cut short, together with its headers, and says so.
   * @throws RetryableError `publish_failed`
   */
  async send(letter: DeadLetter): Promise<void> {
    try {
      await this.#publish(letter, letter.original.value, letter.original.headers);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      await this.#publish(letter, letter.original.value?.subarray(0, truncatedBytes) ?? null, undefined, {
        [deadLetterHeaders.truncatedFrom]: String(letter.original.value?.length ?? 0),
      });
    }
  }

  async #publish(
    { reason, message, origin, original }: DeadLetter,
    value: Buffer | null,
    headers: IHeaders | undefined,
    more: IHeaders = {},
  ): Promise<void> {
    const about: IHeaders = {
      [deadLetterHeaders.reason]: reason,
      [deadLetterHeaders.message]: shorten(message, 1000),
      [deadLetterHeaders.topic]: origin.topic,
      [deadLetterHeaders.partition]: String(origin.partition),
      [deadLetterHeaders.offset]: origin.offset,
      [deadLetterHeaders.timestamp]: origin.timestamp,
      ...(origin.lastOffset === undefined ? {} : { [deadLetterHeaders.lastOffset]: origin.lastOffset }),
      ...more,
    };
    for (const [name, content] of Object.entries(headers ?? {})) about[`${originalPrefix}${name}`] = content;
    // A key may be as large as a value: a truncated letter goes without it.
    const key = deadLetterHeaders.truncatedFrom in more ? null : original.key;
    await this.#producer.send(this.#topic, { key, value, headers: about });
  }
}

/** kafkajs gives the broker's answer as `type`, and wraps it when it has retried. */
function isTooLarge(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('type' in at && (at.type === 'MESSAGE_TOO_LARGE' || at.type === 'RECORD_LIST_TOO_LARGE')) return true;
  }
  return false;
}
