/**
 * A producer for facts that many callers publish one by one, each waiting until its own is durable. Batches form by
 * themselves: the first message leaves at once, and what arrives while a request is under way leaves together in the
 * next one. Under load that is hundreds of messages a request, when idle it adds no delay.
 */
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import type { OutgoingMessage } from './message.ts';
import { SendError, type KafkaConnection, type KafkaProducer, type TopicMessage } from './ports.ts';

export interface BatchingProducer {
  /**
   * Resolves when every in-sync replica has the message.
   * @throws RetryableError `publish_failed`, caused by a SendError unless it has been stopped; the message may still have arrived
   */
  send(topic: string, message: OutgoingMessage): Promise<void>;
  /** Sends what is waiting, then disconnects. */
  stop(): Promise<void>;
}

/** One request stays below the usual limit of a broker (1 MiB for each partition), whatever is waiting. */
const maxBatch = { messages: 1000, bytes: 512 * 1024 };

interface Waiting {
  message: TopicMessage;
  bytes: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Connects with the first message. */
export function createBatchingProducer(kafka: Pick<KafkaConnection, 'producer'>): BatchingProducer {
  return new Batches(kafka.producer());
}

class Batches implements BatchingProducer {
  readonly #producer: KafkaProducer;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #stopped = false;

  constructor(producer: KafkaProducer) {
    this.#producer = producer;
  }

  send(topic: string, message: OutgoingMessage): Promise<void> {
    if (this.#stopped) return Promise.reject(new RetryableError('publish_failed', 'The producer has been stopped'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message: { topic, ...message }, bytes: bytesOf(message), resolve, reject });
      this.#draining ??= this.#drain().finally(() => (this.#draining = null));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#draining;
    await this.#producer.close();
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
      await this.#producer.send(batch.map(({ message }) => message));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // One message that is refused must not take the others with it.
      if (batch.length > 1 && error instanceof SendError && error.concerns !== 'cluster') {
        for (const one of batch) await this.#sendBatch([one]);
        return;
      }
      const failure = new RetryableError('publish_failed', `Kafka did not take the message: ${messageOf(error)}`, {
        cause: error,
      });
      for (const { reject } of batch) reject(failure);
    }
  }
}

function bytesOf({ key, value }: OutgoingMessage): number {
  const length = (part: string | Buffer | null) => (part === null ? 0 : Buffer.byteLength(part));
  return length(key) + length(value) + 100;
}
