/** signalbox as it is deployed: the compiled ingress and worker as processes of their own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createKafka } from '#libs/kafka/client.ts';
import type { KafkaConnection, KafkaProducer } from '#libs/kafka/ports.ts';
import { ensureTopics } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { drawWebhookKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import { usualEventTypes } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { startApp, untilReady, type AppProcess } from '../scripts/start/app.process.ts';
import { choosePorts } from '../stack/ports.ts';
import { observe, type Observer } from './observer.ts';
import { waitUntil } from './wait.ts';

type BenchApp = 'api' | 'delivery' | 'ingress' | 'worker';

interface Options {
  temporal: string;
  kafka: string;
  /** URI of a database of this instance's own. */
  mongodb: string;
  name: string;
  /** Signs sessions of the API. */
  sessionSecret?: string;
}

export class Signalbox {
  readonly directory: Directory;
  readonly kafka: KafkaConnection;
  readonly #store: Connection;
  readonly #env: NodeJS.ProcessEnv;
  readonly #stateDir: string;
  readonly #producer: KafkaProducer;
  #observer: Observer | null = null;
  /** Tokens of the questions asked, as WorkflowPaused tells them. */
  readonly tokens: string[] = [];
  readonly #apps = new Map<BenchApp, AppProcess>();
  /** Runs that ended, by rule id. */
  readonly #completed = new Map<string, number>();
  #failed = 0;

  private constructor(options: Options, store: Connection, stateDir: string) {
    this.#store = store;
    this.#stateDir = stateDir;
    this.directory = createDirectory(store);
    this.kafka = createKafka({ brokers: options.kafka.split(','), tls: false }, createLogger('bench', 'silent'));
    this.#producer = this.kafka.producer();
    this.#env = {
      // Measured is how fast events pass; keeping them to be explained is a choice (docs/performance.md).
      EXPLAIN_UNMATCHED: 'false',
      ...process.env,
      TEMPORAL_ADDRESS: options.temporal,
      TEMPORAL_TASK_QUEUE: options.name,
      KAFKA_BROKERS: options.kafka,
      KAFKA_GROUP_ID: options.name,
      DELIVERY_GROUP_ID: `${options.name}-delivery`,
      KAFKA_TOPIC_PREFIX: `${options.name}.`,
      MONGODB_URI: options.mongodb,
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      SESSION_SECRET: options.sessionSecret,
      WEBHOOK_TOKEN_SECRET: randomBytes(32).toString('hex'),
    };
  }

  static async prepare(options: Options): Promise<Signalbox> {
    const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
    return new Signalbox(options, await connectStore(options.mongodb), stateDir);
  }

  async createTopics(): Promise<void> {
    const settings = { topicPrefix: this.topic(''), partitions: 6, replication: 1 };
    await withAdmin(this.kafka, (admin) => ensureTopics(admin, settings));
  }

  async start(apps: BenchApp[]): Promise<void> {
    const { ports } = await choosePorts({ api: 8080, ingress: 8081, worker: 8082, delivery: 8083 }, 'free');
    for (const name of apps) {
      const port = ports[name];
      const env = { ...this.#env, [`${name.toUpperCase()}_PORT`]: String(port) };
      const app = await startApp(name, { stateDir: this.#stateDir, url: `http://127.0.0.1:${port}` }, env);
      await untilReady(app, AbortSignal.timeout(60_000));
      this.#apps.set(name, app);
    }
  }

  /** Counts the runs that end from now on, by what signalbox itself publishes. */
  async observe(): Promise<void> {
    const brokers = this.#env['KAFKA_BROKERS']!.split(',');
    this.#observer = await observe(brokers, this.topic(topics.lifecycle), (text) => this.#count(text));
  }

  #count(text: string): void {
    const { type, data } = JSON.parse(text) as { type: string; data: { processId: string; correlationToken?: string } };
    if (type === 'WorkflowPaused' && data.correlationToken !== undefined) this.tokens.push(data.correlationToken);
    if (type === 'WorkflowFailed') this.#failed += 1;
    if (type !== 'WorkflowCompleted') return;
    this.#completed.set(data.processId, (this.#completed.get(data.processId) ?? 0) + 1);
  }

  topic(name: string): string {
    return `${this.#env['KAFKA_TOPIC_PREFIX']}${name}`;
  }

  url(app: BenchApp): string {
    return this.#app(app).url;
  }

  pid(app: BenchApp): number {
    return this.#app(app).process.pid;
  }

  /** @returns none for an app that has not been started */
  optionalPid(app: BenchApp): number[] {
    return this.#apps.has(app) ? [this.pid(app)] : [];
  }

  /** Stores the rules and waits until the ingress, if it runs, follows them. */
  async apply(rules: Rule[]): Promise<void> {
    await createRuleRepository(this.#store).apply(
      rules.map((rule) => ({ id: rule.id, definition: definitionOf(rule) })),
      'bench',
    );
  }

  /** A webhook subscription to the runs of a rule. */
  async subscribe(name: string, url: string, secret: string, rule_id: string): Promise<void> {
    const at = new Date().toISOString();
    const filters = { types: null, rule_id, brands: null };
    const made = { created_at: at, created_by: 'bench', updated_at: at, rotated_at: [] };
    const health = { disabled_reason: null, failures: 0, failed_at: null, not_before: null };
    const names = { subscription_id: name, name, url, format: 'cloudevents', status: 'active' } as const;
    const secrets = [{ secret, created_at: at, ends_at: null }];
    await createSubscriptions(this.#store).add({ ...names, ...filters, ...made, ...health, secrets }, 1_000);
  }

  /** A workflow webhook of brand alpha. */
  async workflowWebhook(id: string): Promise<{ url: string; key: string }> {
    const { text, key } = drawWebhookKey('bench', new Date());
    const at = new Date().toISOString();
    const made = { version: 1, created_at: at, created_by: 'bench', updated_at: at, updated_by: 'bench' };
    const settings = { enabled: true, token_exchange: 'required', rate_limit: null } as const;
    const names = { id, name: id, description: '', brand: 'alpha', event_types: usualEventTypes };
    await createWorkflowWebhooks(this.#store).add({ ...names, ...settings, keys: [key], ...made });
    return { url: `${this.url('api')}/webhooks/${id}`, key: text };
  }

  async publish(topic: string, messages: { key: string; value: unknown }[]): Promise<void> {
    const name = this.topic(topic);
    await this.#producer.send(messages.map(({ key, value }) => ({ topic: name, key, value: JSON.stringify(value) })));
  }

  /** Resolves when this many runs of the rule have completed. @throws when a run failed */
  async completed(ruleId: string, count: number): Promise<void> {
    await waitUntil(`the end of ${count} runs of ${ruleId}`, 300_000, () => {
      if (this.#failed > 0) throw new Error(`${this.#failed} runs failed; see ${this.#stateDir}/logs`);
      return (this.#completed.get(ruleId) ?? 0) >= count;
    });
  }

  completedSoFar(ruleId: string): number {
    return this.#completed.get(ruleId) ?? 0;
  }

  async stop(): Promise<void> {
    await this.#observer?.stop();
    await this.#producer.close();
    await Promise.all([...this.#apps.values()].map((app) => app.process.stop()));
    await this.#store.close();
    await rm(this.#stateDir, { recursive: true, force: true });
  }

  #app(name: BenchApp): AppProcess {
    const app = this.#apps.get(name);
    if (app === undefined) throw new Error(`${name} has not been started`);
    return app;
  }
}

function definitionOf({
  name,
  description,
  brand,
  trigger_event,
  conditions,
  actions,
  priority,
  stop_after,
  status,
}: Rule) {
  return { name, description, brand, trigger_event, conditions, actions, priority, stop_after, status };
}
