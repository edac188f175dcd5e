/** An API on topics and a store of its own, to which the back end of a broker reports events. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '#libs/config/config.ts';
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from './api.ts';
import type { Environment } from './ingress.ts';
import { servers, uniqueName } from './servers.ts';
import { openTestStore, type TestStore } from './store.ts';
import { tokenSecret } from './workflow-webhooks.ts';

export interface MadeWebhook {
  id: string;
  key: string;
  keyId: string;
}

export interface Reported {
  key: string;
  event: CrmEnvelope;
}

export class ReportingWorld {
  readonly store: TestStore;
  readonly api: TestApi;
  readonly env: Environment;
  readonly #kafka: KafkaConnection;
  readonly #topic: string;
  readonly #apis: TestApi[];

  private constructor(store: TestStore, api: TestApi, env: Environment, kafka: KafkaConnection, topic: string) {
    this.store = store;
    this.api = api;
    this.env = env;
    this.#kafka = kafka;
    this.#topic = topic;
    this.#apis = [api];
  }

  /** @param more what differs from the environment of the API */
  static async create(more: Environment = {}): Promise<ReportingWorld> {
    const store = await openTestStore();
    const env: Environment = {
      MONGODB_URI: store.uri,
      KAFKA_BROKERS: servers().kafka.join(','),
      KAFKA_TOPIC_PREFIX: `${uniqueName('reports')}.`,
      KAFKA_PARTITIONS: '2',
      WEBHOOK_TOKEN_SECRET: tokenSecret,
      ...more,
    };
    const { kafka: settings } = loadConfig(env);
    const kafka = createKafka(settings, createLogger('test', 'silent'));
    await new KafkaCluster(kafka, settings).prepare();
    return new ReportingWorld(store, await startTestApi(env), env, kafka, topicName(settings, topics.crm));
  }

  /** Another process, on the same store and topics. */
  async startApi(more: Environment = {}): Promise<TestApi> {
    const api = await startTestApi({ ...this.env, ...more });
    this.#apis.push(api);
    return api;
  }

  admin(method: string, path = '', body?: object, session: TokenOptions = {}): Promise<Answer> {
    return this.api.as('SESSION_ADMIN', `/api/workflow/webhooks${path}`, { method, body }, session);
  }

  async made(given: object = {}): Promise<MadeWebhook> {
    const id = uniqueName('wf');
    const answer = await this.admin('POST', '', { id, name: 'registrations', brand: 'alpha', ...given });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    const { webhook, key } = answer.body.data as { webhook: { id: string; keys: { key_id: string }[] }; key: string };
    return { id: webhook.id, key, keyId: webhook.keys[0]!.key_id };
  }

  handshake(id: string, headers: Record<string, string>, of = this.api): Promise<Answer> {
    return of.ask(`/webhooks/${id}/handshake`, { method: 'POST', headers });
  }

  /** @returns a session token */
  async token({ id, key }: MadeWebhook, of = this.api): Promise<string> {
    const { body } = await this.handshake(id, { 'x-api-key': key }, of);
    return (body.data as { sessionToken: string }).sessionToken;
  }

  report(id: string, token: string, body: unknown, headers: Record<string, string> = {}, of = this.api) {
    return of.ask(`/webhooks/${id}`, { method: 'POST', body, headers: { 'x-session-token': token, ...headers } });
  }

  /** Everything on the topic of CRM events. */
  published(): Promise<Reported[]> {
    return readReported(this.#kafka, this.#topic);
  }

  /** Events about this customer. */
  async publishedOf(customerId: string): Promise<CrmEnvelope[]> {
    return (await this.published()).filter(({ key }) => key === customerId).map(({ event }) => event);
  }

  /** Resolves when an event of this workflow is noted as published: it happens behind the answer. */
  async noted(workflow: string): Promise<void> {
    const publications = this.store.connection.collection<{ claims: string[] }>('webhook_publications');
    for (;;) {
      const found = await publications.find().toArray();
      if (found.some(({ claims }) => claims.some((claim) => claim.startsWith(`${workflow}/`)))) return;
      await sleep(20);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#apis.map((api) => api.close()));
    await this.store.drop();
  }
}

export function registration(given: object = {}): Record<string, unknown> & { customerId: string } {
  return {
    eventType: 'user.registered',
    customerId: uniqueName('C'),
    email: 'ana@example.com',
    firstName: 'Ana',
    lastName: 'Silva',
    occurredAt: '2026-11-21T09:30:00.000Z',
    ...given,
  };
}

/** Everything on a topic of CRM events. */
export async function readReported(kafka: KafkaConnection, topic: string): Promise<Reported[]> {
  const ends = await withAdmin(kafka, (admin) => admin.listOffsets(topic));
  const ranges = ends
    .filter(({ earliest, latest }) => latest > earliest)
    .map(({ partition, earliest: from, latest: to }) => ({ topic, partition, from, to }));
  const found: Reported[] = [];
  if (ranges.length === 0) return found;
  const take = (_topic: string, _partition: number, messages: { key: Buffer | null; value: Buffer | null }[]) => {
    for (const { key, value } of messages) {
      found.push({ key: String(key), event: JSON.parse(String(value)) as CrmEnvelope });
    }
    return Promise.resolve();
  };
  const signal = AbortSignal.timeout(60_000);
  for (;;) {
    try {
      found.length = 0;
      await kafka.readRanges({ ranges, signal, take });
      return found;
    } catch (error) {
      // A broker that has just started takes its time for its first group.
      if (!(error instanceof Error && error.message.includes('coordinator')) || signal.aborted) throw error;
      await sleep(200);
    }
  }
}
