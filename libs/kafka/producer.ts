/**
 * A producer for facts that many callers publish one by one, each waiting until its own is durable. Batches form by
 * themselves: the first message leaves at once, and what arrives while a request is under way leaves together in the
 * next one. Under load that is hundreds of messages a request, when idle it adds no delay.
 */
import type { IHeaders, Kafka, Producer } from 'kafkajs';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';

export interface OutgoingMessage {
  /** Messages with the same key keep their order. */
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers?: IHeaders;
}

export interface BatchingProducer {
  /**
   * Resolves when every in-sync replica has the message.
   * @throws RetryableError `publish_failed`, with what kafkajs threw as its cause; the message may still have arrived
   */
  send(topic: string, message: OutgoingMessage): Promise<void>;
  /** Sends what is waiting, then disconnects. */
  stop(): Promise<void>;
}

/** One request stays below the usual limit of a broker (1 MiB for each partition), whatever is waiting. */
const maxBatch = { messages: 1000, bytes: 512 * 1024 };

interface Waiting {
  topic: string;
  message: OutgoingMessage;
  bytes: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Connects with the first message. */
export function createBatchingProducer(kafka: Kafka): BatchingProducer {
  return new Batches(kafka);
}

class Batches implements BatchingProducer {
  readonly #kafka: Kafka;
  #producer: Producer | null = null;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #stopped = false;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  send(topic: string, message: OutgoingMessage): Promise<void> {
    if (this.#stopped) return Promise.reject(new RetryableError('publish_failed', 'The producer has been stopped'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ topic, message, bytes: bytesOf(message), resolve, reject });
      this.#draining ??= this.#drain().finally(() => (this.#draining = null));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#draining;
    await this.#discard();
  }

  async #drain(): Promise<void> {
    // Whatever else this turn of the event loop sends goes into the same request.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#sendBatch(this.#take());
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count === maxBatch.messages || (count > 0 && bytes + more > maxBatch.bytes)) break;
      bytes += more;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #sendBatch(batch: Waiting[]): Promise<void> {
    try {
      await this.#produce(batch);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // An idempotent producer numbers its messages anew after a failure; a broker that did receive the failed ones
      // would take others under the same numbers for repetitions and drop them. A new producer has numbers of its own.
      await this.#discard();
      if (batch.length > 1 && concernsMessages(error)) {
        for (const one of batch) await this.#sendBatch([one]);
        return;
      }
      const failure = new RetryableError('publish_failed', `Kafka did not take the message: ${messageOf(error)}`, {
        cause: error,
      });
      for (const { reject } of batch) reject(failure);
    }
  }

  async #produce(batch: Waiting[]): Promise<void> {
    if (this.#producer === null) {
      const producer = this.#kafka.producer({
        idempotent: true,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 5 },
      });
      await producer.connect();
      this.#producer = producer;
    }
    const byTopic = new Map<string, OutgoingMessage[]>();
    for (const { topic, message } of batch) {
      const messages = byTopic.get(topic);
      if (messages === undefined) byTopic.set(topic, [message]);
      else messages.push(message);
    }
    const topicMessages = Array.from(byTopic, ([topic, messages]) => ({ topic, messages }));
    await this.#producer.sendBatch({ acks: -1, topicMessages });
  }

  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    // It is given up: whether its connections close in order makes no difference to any message.
    await producer?.disconnect().catch(() => undefined);
  }
}

function bytesOf({ key, value }: OutgoingMessage): number {
  const length = (part: string | Buffer | null) => (part === null ? 0 : Buffer.byteLength(part));
  return length(key) + length(value) + 100;
}

/** True when the broker refused what was sent, so that one message must not take the others with it. */
function concernsMessages(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.name === 'KafkaJSNumberOfRetriesExceeded') return false;
    // What kafkajs cannot write, such as a header without a value.
    if (at instanceof TypeError || at instanceof RangeError) return true;
    if (at.name === 'KafkaJSProtocolError') return !('retriable' in at && at.retriable === true);
  }
  return false;
}
