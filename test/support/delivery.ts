/** A real delivery process on a topic and a store of its own, and events published as runs publish them. */
import type { Connection } from 'mongoose';
import { startDelivery } from '../../apps/delivery/delivery.app.ts';
import { loadConfig, type Config } from '#libs/config/config.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { LifecyclePublisher } from '#libs/lifecycle/publisher.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import type { Environment } from './ingress.ts';
import { servers, uniqueName, type Servers } from './servers.ts';
import { openTestStore } from './store.ts';

export interface RunningDelivery {
  url: string;
  close(): Promise<void>;
}

export class DeliveryWorld {
  readonly env: Environment;
  readonly config: Config;
  readonly kafka: KafkaConnection;
  readonly store: Connection;
  readonly log: LifecycleLog;
  readonly producer: BatchingProducer;
  readonly publisher: LifecyclePublisher;
  readonly #drop: () => Promise<void>;
  readonly #running = new Set<RunningDelivery>();

  private constructor(env: Environment, store: { connection: Connection; drop: () => Promise<void> }) {
    this.env = env;
    this.config = loadConfig(env);
    this.kafka = createKafka(this.config.kafka, createLogger('test', 'silent'));
    this.store = store.connection;
    this.log = createLifecycleLog(store.connection);
    this.producer = createBatchingProducer(this.kafka);
    this.publisher = new LifecyclePublisher(this.producer, this.topic);
    this.#drop = store.drop;
  }

  /** @param at servers to use instead of those of the test run */
  static async create(at: Servers = servers()): Promise<DeliveryWorld> {
    const store = await openTestStore(at);
    const name = uniqueName('delivery');
    const env = {
      MONGODB_URI: store.uri,
      TEMPORAL_ADDRESS: at.temporal,
      TEMPORAL_TASK_QUEUE: name,
      KAFKA_BROKERS: at.kafka.join(','),
      KAFKA_TOPIC_PREFIX: `${name}.`,
      KAFKA_PARTITIONS: '3',
      DELIVERY_GROUP_ID: name,
      DELIVERY_PORT: '0',
      SHUTDOWN_GRACE_MS: '10000',
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    };
    const world = new DeliveryWorld(env, store);
    await new KafkaCluster(world.kafka, world.config.kafka).prepare();
    return world;
  }

  get topic(): string {
    return topicName(this.config.kafka, topics.lifecycle);
  }

  /** @param more what differs from the world's own environment */
  async start(more: Environment = {}): Promise<RunningDelivery> {
    const stopping = new AbortController();
    const app = await startDelivery({
      config: loadConfig({ ...this.env, ...more }),
      log: createLogger('delivery', 'silent'),
      registry: createMetrics('delivery'),
      stopping: stopping.signal,
    });
    const running: RunningDelivery = {
      url: app.url,
      close: async () => {
        if (!this.#running.delete(running)) return;
        stopping.abort();
        await app.close();
      },
    };
    this.#running.add(running);
    return running;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.close()));
    await this.producer.stop();
    await this.#drop();
  }
}

/** What a run of that name tells: that it started, and after `pauses` pauses that it completed. */
export function eventsOf(executionId: string, pauses = 0, more: { processId?: string; tenantId?: string } = {}) {
  const at = new Date().toISOString();
  const base = { executionId, processId: 'rule-1', tenantId: 'acme', occurredAt: at, ...more };
  const drafts: LifecycleDraft[] = [
    { ...base, eventType: 'WorkflowStarted', sequence: 0, triggeredBy: 'system', startedAt: at, triggerPayload: null },
  ];
  for (let n = 0; n < pauses; n += 1) {
    const correlationToken = `${executionId}-token-${n}`;
    const asked = { suspendedNodeId: 'action-0', actorId: 'alice', suspendedAt: at, expiresAt: null };
    drafts.push({ ...base, eventType: 'WorkflowPaused', sequence: drafts.length, correlationToken, ...asked });
    const answered = { resumedBy: 'alice', resumedAt: at };
    drafts.push({ ...base, eventType: 'WorkflowResumed', sequence: drafts.length, correlationToken, ...answered });
  }
  const end = { durationMs: 5, completedAt: at, status: 'success' } as const;
  drafts.push({ ...base, eventType: 'WorkflowCompleted', sequence: drafts.length, ...end });
  return drafts;
}
