/** A real ingress on topics, a store and a task queue of its own, and the means to feed it and to see what it did. */
import { Client, Connection as TemporalConnection } from '@temporalio/client';
import type { Connection } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { startIngress } from '../../apps/ingress/start-ingress.ts';
import { loadConfig, type Config, type ConfigVariable } from '#libs/config/config.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RuleDefinition } from '#libs/domain/rules/rule.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import type { MessageHeaders } from '#libs/kafka/message.ts';
import type { KafkaAdmin, KafkaConnection } from '#libs/kafka/ports.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createRuleRepository, type RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { foreignKafka } from './foreign-kafka.ts';
import { servers, uniqueName, type Servers } from './servers.ts';
import { openTestStore } from './store.ts';

export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** Variables of the configuration, as a process is given them. */
export type Environment = Partial<Record<ConfigVariable, string>>;

export interface RunningIngress {
  url: string;
  logs: LogLine[];
  config: Config;
  close(): Promise<void>;
}

export interface DeadLetterMessage {
  value: string;
  headers: Record<string, string>;
}

/** What a message may be: a value of its own, or any with headers, key or timestamp. */
export interface TestMessage {
  value: unknown;
  key?: string;
  headers?: MessageHeaders;
  timestamp?: string;
}

type Producer = ReturnType<ReturnType<typeof foreignKafka>['producer']>;

export class IngressWorld {
  readonly directory: Directory;
  readonly rules: RuleRepository;
  readonly records: () => Promise<RunRecord[]>;
  readonly temporal: Client;
  readonly store: Connection;
  /** What its configuration is read from. */
  readonly env: Environment;
  readonly config: Config;
  readonly kafka: KafkaConnection;
  readonly #producer: Producer;
  readonly #connection: TemporalConnection;
  readonly #drop: () => Promise<void>;
  readonly #running = new Set<RunningIngress>();
  #groups = 0;

  private constructor(parts: {
    env: Environment;
    config: Config;
    store: { connection: Connection; drop: () => Promise<void> };
    kafka: KafkaConnection;
    producer: Producer;
    connection: TemporalConnection;
  }) {
    const { env, config, store, kafka, producer, connection } = parts;
    this.env = env;
    this.config = config;
    this.store = store.connection;
    this.directory = createDirectory(store.connection);
    this.rules = createRuleRepository(store.connection);
    const records = createRunRecords(store.connection);
    this.records = async () => {
      const all: RunRecord[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await records.list({}, cursor === undefined ? { limit: 500 } : { limit: 500, cursor });
        all.push(...page.items);
        if (page.nextCursor === null) return all;
        cursor = page.nextCursor;
      }
    };
    this.kafka = kafka;
    this.#producer = producer;
    this.#connection = connection;
    this.temporal = new Client({ connection });
    this.#drop = store.drop;
  }

  /** @param at servers to use instead of those of the test run */
  static async create(at: Servers = servers()): Promise<IngressWorld> {
    const store = await openTestStore(at);
    const name = uniqueName('ingress');
    const { temporal, kafka: brokers } = at;
    const env = {
      MONGODB_URI: store.uri,
      TEMPORAL_ADDRESS: temporal,
      TEMPORAL_TASK_QUEUE: name,
      KAFKA_BROKERS: brokers.join(','),
      KAFKA_TOPIC_PREFIX: `${name}.`,
      KAFKA_PARTITIONS: '2',
      KAFKA_GROUP_ID: name,
      INGRESS_PORT: '0',
      RULES_POLL_MS: '200',
      SHUTDOWN_GRACE_MS: '10000',
    };
    const config = loadConfig(env);
    const kafka = createKafka(config.kafka, createLogger('test', 'silent'));
    await new KafkaCluster(kafka, config.kafka).prepare();
    const producer = foreignKafka(brokers).producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const connection = await TemporalConnection.connect({ address: temporal });
    return new IngressWorld({ env, config, store, kafka, producer, connection });
  }

  /** @param more what differs from the world's own environment */
  async startIngress(more: Environment = {}): Promise<RunningIngress> {
    const config = loadConfig({ ...this.env, ...more });
    const logs: LogLine[] = [];
    const log = createLogger('ingress', 'info', { write: (line) => void logs.push(JSON.parse(line) as LogLine) });
    const stopping = new AbortController();
    const app = await startIngress({ config, log, registry: createMetrics('ingress'), stopping: stopping.signal });
    const running: RunningIngress = {
      url: app.url,
      logs,
      config,
      close: async () => {
        if (!this.#running.delete(running)) return;
        stopping.abort();
        await app.close();
      },
    };
    this.#running.add(running);
    return running;
  }

  /** A consumer group that has consumed nothing yet. */
  newGroup(): string {
    return `${this.config.kafka.groupId}-${++this.#groups}`;
  }

  async rule(definition: Partial<RuleDefinition> & { trigger_event: string }): Promise<string> {
    const id = uniqueName('rule');
    await this.rules.apply([{ id, definition: ruleDefinition(definition) }], 'test');
    return id;
  }

  /** Resolves when the ingress matches by the rules as they are now. */
  async rulesLive(ingress: RunningIngress): Promise<void> {
    const { revision } = await this.rules.snapshot();
    await until('the rules are live', () => {
      const seen = ingress.logs.filter(({ msg }) => msg === 'rules loaded' || msg === 'rules changed');
      return seen.some((line) => Number(line['revision']) >= revision);
    });
  }

  /** Resolves when the ingress is ready to take events. */
  async ready(ingress: RunningIngress): Promise<void> {
    await until('the ingress is ready', async () => (await fetch(`${ingress.url}/health/ready`)).status === 200);
  }

  /** @param topic logical name */
  async publish(topic: string, ...messages: TestMessage[]): Promise<void> {
    await this.#producer.send({
      topic: `${this.config.kafka.topicPrefix}${topic}`,
      messages: messages.map(({ value, ...more }) => ({ ...more, value: encode(value) })),
    });
  }

  /** Resolves when the group has committed everything that was published. */
  async drained(groupId = this.config.kafka.groupId): Promise<void> {
    await withAdmin(this.kafka, (admin) =>
      until('every message is executed', async () => (await this.#behind(admin, groupId)) === 0),
    );
  }

  /** Everything in the dead letter topic so far. */
  async deadLetters(count: number): Promise<DeadLetterMessage[]> {
    const consumer = foreignKafka(this.config.kafka.brokers).consumer({ groupId: uniqueName('dead-letters') });
    const letters: DeadLetterMessage[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: `${this.config.kafka.topicPrefix}${topics.deadLetter}`, fromBeginning: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${letters.length} of ${count} dead letters`)), retryMs);
        void consumer.run({
          eachMessage: async ({ message: { value, headers } }) => {
            const text = Object.entries(headers ?? {}).map(([name, content]) => [name, String(content)]);
            letters.push({
              value: value?.toString() ?? '',
              headers: Object.fromEntries(text) as Record<string, string>,
            });
            if (letters.length < count) return;
            clearTimeout(timer);
            resolve();
          },
        });
      });
    } finally {
      await consumer.disconnect();
    }
    return letters;
  }

  /** Ends every ingress and removes every rule, so that the next test meets neither. */
  async reset(): Promise<void> {
    await Promise.all([...this.#running].map((ingress) => ingress.close()));
    const { rules } = await this.rules.snapshot();
    for (const { id } of rules) await this.rules.delete(id, 'test');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((ingress) => ingress.close()));
    await this.#producer.disconnect();
    await this.#connection.close();
    await this.#drop();
  }

  async #behind(admin: KafkaAdmin, groupId: string): Promise<number> {
    let behind = 0;
    for (const topic of [topics.trade, topics.account, topics.crm]) {
      const name = `${this.config.kafka.topicPrefix}${topic}`;
      const ends = await admin.listOffsets(name);
      const committed = (await admin.committedOffsets(groupId, [name])).get(name);
      for (const { partition, latest } of ends) behind += Number(latest - (committed?.get(partition) ?? 0n));
    }
    return behind;
  }
}

export function ruleDefinition(given: Partial<RuleDefinition> & { trigger_event: string }): RuleDefinition {
  return {
    name: 'a rule',
    description: '',
    brand: null,
    conditions: { match: 'all', rules: [] },
    actions: [{ type: 'notify.manager', params: {} }],
    priority: 100,
    stop_after: false,
    status: 'active',
    ...given,
  };
}

/** How long what has to happen may take, in milliseconds: the machine may have much else to do. */
const retryMs = 120_000;

/** Asks again and again until the answer is yes. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = retryMs,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`after ${timeoutMs} ms still not true: ${what}`);
    await sleep(50);
  }
}

function encode(value: unknown): string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
}
