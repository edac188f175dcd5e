/** Lifecycle events on topics of a test's own, as signalbox publishes them, and services that subscribe to them. */
import { Module, type INestApplicationContext, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { LifecycleDraft, LifecycleFacts } from '#libs/domain/runs/lifecycle-event.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KafkaConnection, TopicMessage } from '#libs/kafka/ports.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import type { WorkflowEventsOptions } from '#libs/lifecycle/handlers/options.ts';
import { WorkflowEventsModule } from '#libs/lifecycle/handlers/workflow-events.module.ts';
import { LifecyclePublisher } from '#libs/lifecycle/publisher.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { until, type LogLine } from './ingress.ts';
import { committed, connectKafka } from './kafka-contract.ts';
import { readTopicUntil, type ReadMessage } from './read-topic.ts';
import { servers, uniqueName } from './servers.ts';

export interface Subscriber {
  groupId: string;
  app: INestApplicationContext;
  logs: LogLine[];
  stop(): Promise<void>;
}

@Module({})
class SubscriberModule {}

export class LifecycleWorld {
  readonly prefix = `${uniqueName('lifecycle')}.`;
  readonly kafka: KafkaConnection;
  readonly topic = `${this.prefix}${topics.lifecycle}`;
  readonly #brokers: string[];
  readonly #producer: BatchingProducer;
  readonly #publisher: LifecyclePublisher;
  readonly #running = new Set<Subscriber>();

  private constructor(brokers: string[]) {
    this.#brokers = brokers;
    this.kafka = connectKafka({ brokers });
    this.#producer = createBatchingProducer(this.kafka);
    this.#publisher = new LifecyclePublisher(this.#producer, this.topic);
  }

  static async create(partitions = 1, brokers = servers().kafka): Promise<LifecycleWorld> {
    const world = new LifecycleWorld(brokers);
    const names = [world.topic, `${world.prefix}${topics.lifecycleDeadLetter}`];
    await withAdmin(world.kafka, async (admin) => {
      await admin.createTopics([names[0]!], { partitions, replicationFactor: 1 });
      await admin.createTopics([names[1]!], { partitions: 1, replicationFactor: 1 });
      await until('the topics have leaders', () => admin.haveLeaders(names).catch(() => false));
    });
    return world;
  }

  /** @param providers decorated handlers and what they need */
  async subscribe(providers: Provider[], more: Partial<WorkflowEventsOptions> = {}): Promise<Subscriber> {
    const groupId = more.groupId ?? uniqueName('subscriber');
    const logs: LogLine[] = [];
    const log = createLogger('subscriber', 'info', { write: (line) => void logs.push(JSON.parse(line) as LogLine) });
    const options = { ...this.options(groupId), log, ...more };
    const module = { module: SubscriberModule, imports: [WorkflowEventsModule.forRoot(options)], providers };
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    const subscriber: Subscriber = {
      groupId,
      app,
      logs,
      stop: async () => {
        if (this.#running.delete(subscriber)) await app.close();
      },
    };
    this.#running.add(subscriber);
    return subscriber;
  }

  options(groupId: string): WorkflowEventsOptions {
    return {
      kafka: { brokers: this.#brokers },
      topicPrefix: this.prefix,
      groupId,
      retry: { attempts: 3, firstPauseMs: 50, longestPauseMs: 200 },
      shutdownGraceMs: 0,
    };
  }

  /** In the order given. */
  async publish(...drafts: LifecycleDraft[]): Promise<void> {
    await this.#publisher.publish(drafts);
  }

  /** What signalbox would not publish. */
  async publishRaw(...messages: Omit<TopicMessage, 'topic'>[]): Promise<void> {
    for (const message of messages) await this.#producer.send(this.topic, message);
  }

  /** Resolves when the group has committed all that was published. */
  async drained({ groupId }: Pick<Subscriber, 'groupId'>): Promise<void> {
    await until('every event is done', async () => (await this.behind(groupId)) === 0);
  }

  /** Messages that the group has not committed. */
  async behind(groupId: string): Promise<number> {
    const ends = await withAdmin(this.kafka, (admin) => admin.listOffsets(this.topic));
    const done = await committed(this.kafka, groupId, this.topic);
    return ends.reduce((sum, { partition, latest }) => sum + Number(latest - (done.get(partition) ?? 0n)), 0);
  }

  /** The first dead letters, as many as told. */
  async deadLetters(count: number): Promise<ReadMessage[]> {
    let seen = 0;
    return readTopicUntil(this.#brokers, `${this.prefix}${topics.lifecycleDeadLetter}`, () => (seen += 1) >= count);
  }

  async countDeadLetters(): Promise<number> {
    const ends = await withAdmin(this.kafka, (admin) =>
      admin.listOffsets(`${this.prefix}${topics.lifecycleDeadLetter}`),
    );
    return ends.reduce((sum, { latest }) => sum + Number(latest), 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((subscriber) => subscriber.stop()));
    await this.#producer.stop();
  }
}

const at = '2026-01-05T10:00:00.000Z';

type Facts<Type extends LifecycleFacts['eventType']> = Extract<LifecycleFacts, { eventType: Type }>;
type Given<Type extends LifecycleFacts['eventType']> = Partial<Omit<Facts<Type>, 'eventType'>>;

/** Events of one run, each with the next sequence. */
export class TestRun {
  readonly executionId: string;
  readonly #base: { executionId: string; processId: string; tenantId: string; occurredAt: string };
  #sequence = 0;

  constructor(given: { processId?: string; tenantId?: string } = {}) {
    const { processId = 'rule-1', tenantId = 'acme' } = given;
    this.executionId = `${processId}:${uniqueName('event')}`;
    this.#base = { executionId: this.executionId, processId, tenantId, occurredAt: at };
  }

  started(given: Given<'WorkflowStarted'> = {}): LifecycleDraft {
    const facts = { triggeredBy: 'system', startedAt: at, triggerPayload: { amount: 5 }, ...given };
    return this.#next({ ...this.#base, eventType: 'WorkflowStarted', ...facts });
  }

  completed(given: Given<'WorkflowCompleted'> = {}): LifecycleDraft {
    const facts = { durationMs: 1834, completedAt: at, status: 'success' as const, ...given };
    return this.#next({ ...this.#base, eventType: 'WorkflowCompleted', ...facts });
  }

  failed(given: Given<'WorkflowFailed'> = {}): LifecycleDraft {
    const node = { failedNodeId: 'action-1', failedNodeType: 'webhook.send' };
    const facts = { ...node, errorMessage: 'no answer', errorType: 'timeout', failedAt: at, ...given };
    return this.#next({ ...this.#base, eventType: 'WorkflowFailed', ...facts });
  }

  paused(given: Given<'WorkflowPaused'> = {}): LifecycleDraft {
    const facts = { suspendedNodeId: 'action-0', correlationToken: 't-1', actorId: 'alice', suspendedAt: at };
    return this.#next({ ...this.#base, eventType: 'WorkflowPaused', ...facts, expiresAt: null, ...given });
  }

  resumed(given: Given<'WorkflowResumed'> = {}): LifecycleDraft {
    const facts = { resumedBy: 'alice', correlationToken: 't-1', resumedAt: at, ...given };
    return this.#next({ ...this.#base, eventType: 'WorkflowResumed', ...facts });
  }

  #next(facts: LifecycleFacts): LifecycleDraft {
    return { ...facts, sequence: this.#sequence++ };
  }
}
