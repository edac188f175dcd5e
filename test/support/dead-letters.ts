/** An ingress that sends to the dead letters, a delivery process that keeps them, and APIs that send them again. */
import type { Connection } from 'mongoose';
import { startDelivery } from '../../apps/delivery/delivery.app.ts';
import { loadConfig } from '#libs/config/config.ts';
import type { DeadLetterStore, DeadLetterSummary, KeptDeadLetter } from '#libs/domain/events/dead-letter.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { startTestApi, type TestApi } from './api.ts';
import { IngressWorld, until, type RunningIngress } from './ingress.ts';

export class DeadLetterWorld {
  readonly ingress: IngressWorld;
  readonly letters: DeadLetterStore;
  readonly #closing: (() => Promise<void>)[] = [];

  private constructor(ingress: IngressWorld) {
    this.ingress = ingress;
    this.letters = createDeadLetters(ingress.store);
  }

  static async create(): Promise<DeadLetterWorld> {
    const world = new DeadLetterWorld(await IngressWorld.create());
    const stopping = new AbortController();
    const delivery = await startDelivery({
      config: loadConfig({ ...world.ingress.env, DELIVERY_GROUP_ID: world.ingress.newGroup(), DELIVERY_PORT: '0' }),
      log: createLogger('delivery', 'silent'),
      registry: createMetrics('delivery'),
      stopping: stopping.signal,
    });
    world.#closing.push(async () => {
      stopping.abort();
      await delivery.close();
    });
    return world;
  }

  get store(): Connection {
    return this.ingress.store;
  }

  /** What processes beside the ingress are given. */
  env(more: Record<string, string> = {}): Record<string, string> & { MONGODB_URI: string } {
    const { MONGODB_URI = '', KAFKA_BROKERS = '', KAFKA_TOPIC_PREFIX = '' } = this.ingress.env;
    return { MONGODB_URI, KAFKA_BROKERS, KAFKA_TOPIC_PREFIX, ...more };
  }

  async api(more: Record<string, string> = {}): Promise<TestApi> {
    const api = await startTestApi(this.env(more));
    this.#closing.push(() => api.close());
    return api;
  }

  /** An ingress for which messages over 1,000 bytes are too large. */
  async strictIngress(): Promise<RunningIngress> {
    const running = await this.ingress.startIngress({ MAX_MESSAGE_BYTES: '1000' });
    await this.ingress.ready(running);
    return running;
  }

  /** Resolves when as many are kept. @returns them, the newest first */
  async kept(count: number, reason?: string): Promise<DeadLetterSummary[]> {
    let found: DeadLetterSummary[] = [];
    await until(`${count} dead letters are kept`, async () => {
      const filter = reason === undefined ? {} : { reason };
      found = (await this.letters.list(filter, { limit: 500 })).items;
      return found.length >= count;
    });
    return found;
  }

  /** Messages that were ever published on the topic. @param topic logical name */
  async published(topic: string = topics.crm): Promise<number> {
    const name = `${this.ingress.config.kafka.topicPrefix}${topic}`;
    const ends = await withAdmin(this.ingress.kafka, (admin) => admin.listOffsets(name));
    return ends.reduce((sum, { latest }) => sum + Number(latest), 0);
  }

  /** Everything on a topic, partition by partition. @param topic full name */
  async messages(topic: string): Promise<ConsumedMessage[]> {
    const ends = await withAdmin(this.ingress.kafka, (admin) => admin.listOffsets(topic));
    const ranges = ends.flatMap(({ partition, earliest: from, latest: to }) =>
      from < to ? [{ topic, partition, from, to }] : [],
    );
    const all: ConsumedMessage[] = [];
    const take = async (_: string, __: number, messages: ConsumedMessage[]): Promise<void> =>
      void all.push(...messages);
    await this.ingress.kafka.readRanges({ ranges, signal: new AbortController().signal, take });
    return all.sort((one, other) => Number(one.timestamp) - Number(other.timestamp));
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
    await this.ingress.close();
  }
}

/** An event of about 2,000 bytes. */
export function largeEvent(id: string, type = 'customer.deposited'): object {
  return { id, type, brand: 'alpha', data: { text: 'x'.repeat(2000) } };
}

/** One that is kept and can be sent again, with the differences given. */
export function deadLetter(given: Partial<KeptDeadLetter> & { dead_letter_id: string }): KeptDeadLetter {
  return {
    reason: 'not_json',
    message: 'is no JSON',
    brand: null,
    at: new Date().toISOString(),
    origin: { topic: topics.crm, partition: 0, offset: '7', last_offset: null, at: null },
    value_bytes: 8,
    obstacle: null,
    state: 'open',
    resend: null,
    original: { key: null, value: Buffer.from('{"broken').toString('base64'), headers: [] },
    ...given,
  };
}
