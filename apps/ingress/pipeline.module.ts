/** Puts the pipeline together: what it reads, what it writes, and the consumer that feeds it. */
import { Module, type Provider } from '@nestjs/common';
import { WorkflowClient, type Connection } from '@temporalio/client';
import pLimit from 'p-limit';
import type { Config } from '#libs/config/config.ts';
import { eventTopics, topics } from '#libs/domain/events/platform-event.ts';
import { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { DeadLetters } from '#libs/kafka/dead-letter.ts';
import { PartitionWatch } from '#libs/kafka/partition-watch.ts';
import type { KafkaConnection, KafkaConsumer } from '#libs/kafka/ports.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { createActivityLog } from '#libs/store/events/customer-activity.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { createAdmissionStore } from '#libs/store/admission/admission.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createPostponedEvents } from '#libs/store/events/postponed-event.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createObservedEventTypes } from '#libs/store/events/observed-event-type.repository.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import { IngressMetrics } from './metrics.ts';
import { CustomerActivityRecorder } from './pipeline/customer-activity.recorder.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';
import { EventBudget } from '#libs/matching/event-budget.ts';
import { EvaluationLog } from './pipeline/evaluation-log.ts';
import { EventPipeline } from './pipeline/event-pipeline.ts';
import { AdmissionControl } from './pipeline/admission-control.ts';
import { LimitAlerts } from './pipeline/limit-alerts.ts';
import { RetryPolicy } from '#libs/async/retry.ts';
import { PostponedLane } from './pipeline/postponed-lane.ts';
import { PartitionWatermarks } from './pipeline/partition-watermarks.ts';
import { AccountProgress } from './pipeline/account-progress.ts';
import { WaitingList } from './pipeline/waiting-list.ts';
import { Upkeep } from './upkeep.ts';
import { createWaitingEvents } from '#libs/store/events/waiting-event.repository.ts';
import { ObservedEventTypeRecorder } from './pipeline/observed-event-type.recorder.ts';
import { RunDispatcher } from './pipeline/run-dispatcher.ts';
import { RuleSync } from './rule-sync.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { tokens } from './tokens.ts';

/** Partitions worked on at once; the starts of all of them together are bounded by INGRESS_START_CONCURRENCY. */
const partitionsAtOnce = 8;

/** Without the installation's prefix. */
const toLogicalTopic = (config: Config) => (topic: string) => topic.slice(config.kafka.topicPrefix.length);

const rules: Provider = {
  provide: RuleSync,
  inject: [StoreAccess, RuleIndex, IngressMetrics, tokens.config, tokens.log],
  useFactory: (store: StoreAccess, index: RuleIndex, metrics: IngressMetrics, config: Config, log: Logger) =>
    new RuleSync({
      feed: store.repository(createRuleRepository),
      rules: index,
      pollMs: config.rules.pollMs,
      changed: (count, unusable) => {
        metrics.rules.set(count);
        metrics.unusableRules.set(unusable);
      },
      log,
    }),
};

const watermarks: Provider = {
  provide: PartitionWatermarks,
  inject: [StoreAccess, KafkaCluster, tokens.log],
  useFactory: (store: StoreAccess, cluster: KafkaCluster, log: Logger) =>
    new PartitionWatermarks(store.repository(createRunLedger), cluster, log),
};

const waiting: Provider = {
  provide: WaitingList,
  inject: [StoreAccess, tokens.config],
  useFactory: (store: StoreAccess, config: Config) =>
    new WaitingList(store.repository(createWaitingEvents), {
      brokerMs: config.accounts.waitHours * 3_600_000,
      crmMs: config.accounts.waitCrmMs,
    }),
};

const dispatcher: Provider = {
  provide: RunDispatcher,
  inject: [StoreAccess, tokens.temporal, tokens.config, RetryPolicy, IngressMetrics, tokens.log],
  useFactory: (
    store: StoreAccess,
    connection: Connection,
    config: Config,
    retryPolicy: RetryPolicy,
    metrics: IngressMetrics,
    log: Logger,
  ) => {
    const recorder = store.repository(createRunRecorder);
    const ledger = store.repository(createRunLedger);
    const client = new WorkflowClient({ connection, namespace: config.temporal.namespace });
    return new RunDispatcher({
      ledger,
      numbers: store.repository((mongo) => createRunNumbers(mongo)),
      guards: new AdmissionControl({
        book: store.repository(createAdmissionStore),
        ledger,
        breaches: new LimitAlerts({
          directory: store.repository(createDirectory),
          notifications: store.repository(createNotificationStore),
          metrics,
          log,
        }),
        retryPolicy,
        metrics,
        log,
      }),
      failRun: (executionId, patch) => recorder.write(executionId, patch),
      starter: createRunStarter(client, config.temporal.taskQueue),
      limit: pLimit(config.ingress.startConcurrency),
      retryPolicy,
      metrics,
      log,
    });
  },
};

const pipeline: Provider = {
  provide: EventPipeline,
  inject: [
    PartitionWatermarks,
    KafkaCluster,
    WaitingList,
    RuleIndex,
    RunDispatcher,
    StoreAccess,
    EventBudget,
    EvaluationLog,
    DeadLetters,
    RetryPolicy,
    IngressMetrics,
    tokens.config,
    tokens.log,
  ],
  useFactory: (
    marks: PartitionWatermarks,
    cluster: KafkaCluster,
    list: WaitingList,
    index: RuleIndex,
    runs: RunDispatcher,
    store: StoreAccess,
    budget: EventBudget,
    evaluations: EvaluationLog,
    deadLetters: DeadLetters,
    retryPolicy: RetryPolicy,
    metrics: IngressMetrics,
    config: Config,
    log: Logger,
  ) => {
    const directory = store.repository((connection) => createDirectory(connection, config.accounts.maxPerCustomer));
    return new EventPipeline({
      logicalTopic: toLogicalTopic(config),
      limits: config.events,
      topicId: (topic) => cluster.topicId(topic),
      watermarks: marks,
      waiting: list,
      rules: index,
      directory: new DirectoryCache(directory),
      feed: directory,
      activity: new CustomerActivityRecorder(store.repository(createActivityLog)),
      triggers: new ObservedEventTypeRecorder({
        store: store.repository(createObservedEventTypes),
        most: config.ingress.observedEventTypes,
        log,
      }),
      evaluations,
      budget,
      postponed: store.repository(createPostponedEvents),
      dispatcher: runs,
      deadLetters,
      retryPolicy,
      metrics,
      log,
    });
  },
};

const lane: Provider = {
  provide: PostponedLane,
  inject: [
    StoreAccess,
    RuleIndex,
    EventBudget,
    RunDispatcher,
    EvaluationLog,
    DeadLetters,
    RetryPolicy,
    IngressMetrics,
    tokens.config,
    tokens.log,
  ],
  useFactory: (
    store: StoreAccess,
    index: RuleIndex,
    budget: EventBudget,
    runs: RunDispatcher,
    evaluations: EvaluationLog,
    deadLetters: DeadLetters,
    retryPolicy: RetryPolicy,
    metrics: IngressMetrics,
    config: Config,
    log: Logger,
  ) =>
    new PostponedLane({
      events: store.repository(createPostponedEvents),
      rules: index,
      budget,
      ruleMs: config.ingress.ruleMatchMs,
      dispatcher: runs,
      evaluations,
      deadLetters,
      logicalTopic: toLogicalTopic(config),
      retryPolicy,
      metrics,
      log,
    }),
};

const parts: Provider[] = [
  { provide: RuleIndex, useFactory: () => new RuleIndex() },
  {
    provide: EventBudget,
    inject: [tokens.config],
    useFactory: (config: Config) => new EventBudget(config.ingress.eventMatchMs),
  },
  {
    provide: EvaluationLog,
    inject: [StoreAccess, tokens.config, tokens.log],
    useFactory: (store: StoreAccess, config: Config, log: Logger) =>
      new EvaluationLog({
        store: store.repository(createEvaluatedEvents),
        ...config.explain,
        log,
      }),
  },
  {
    provide: DeadLetters,
    inject: [tokens.producer, tokens.config],
    useFactory: (producer: BatchingProducer, config: Config) =>
      new DeadLetters(producer, topicName(config.kafka, topics.deadLetter)),
  },
];

const watch: Provider = {
  provide: PartitionWatch,
  inject: [tokens.kafka, IngressMetrics, tokens.config, tokens.log],
  useFactory: (kafka: KafkaConnection, metrics: IngressMetrics, config: Config, log: Logger) =>
    new PartitionWatch({
      kafka,
      groupId: config.kafka.groupId,
      topics: eventTopics.map((topic) => topicName(config.kafka, topic)),
      intervalMs: config.ingress.lagIntervalMs,
      stallMs: config.ingress.stallMs,
      report: (states) => {
        metrics.lag.reset();
        metrics.stalled.reset();
        for (const { topic: name, partition, lag, stalledMs } of states) {
          const topic = toLogicalTopic(config)(name);
          metrics.lag.set({ topic, partition }, lag);
          metrics.stalled.set({ topic, partition }, stalledMs / 1000);
        }
      },
      log,
    }),
};

const consumer: Provider = {
  provide: tokens.consumer,
  inject: [tokens.kafka, KafkaCluster, EventPipeline, PartitionWatermarks, PartitionWatch, tokens.config],
  useFactory: (
    kafka: KafkaConnection,
    cluster: KafkaCluster,
    handler: EventPipeline,
    marks: PartitionWatermarks,
    partitions: PartitionWatch,
    config: Config,
  ) =>
    kafka.consumer({
      groupId: config.kafka.groupId,
      topics: eventTopics.map((topic) => topicName(config.kafka, topic)),
      handler,
      chunkSize: config.ingress.chunkSize,
      partitionsAtOnce,
      prepare: () => cluster.prepare(),
      assigned: (assignment) => {
        marks.assigned(assignment);
        partitions.assigned(assignment);
      },
      verify: () => cluster.verifyTopics(),
    }),
};

const upkeep: Provider = {
  provide: Upkeep,
  inject: [
    tokens.kafka,
    KafkaCluster,
    StoreAccess,
    WaitingList,
    EventPipeline,
    PartitionWatermarks,
    tokens.consumer,
    tokens.config,
    tokens.log,
  ],
  useFactory: (
    kafka: KafkaConnection,
    cluster: KafkaCluster,
    store: StoreAccess,
    list: WaitingList,
    events: EventPipeline,
    marks: PartitionWatermarks,
    members: KafkaConsumer,
    config: Config,
    log: Logger,
  ) =>
    new Upkeep({
      waiting: list,
      pipeline: events,
      progress: new AccountProgress(
        kafka,
        cluster,
        store.repository(createRunLedger),
        topicName(config.kafka, topics.account),
      ),
      watermarks: marks,
      consumer: members,
      everyMs: config.ingress.upkeepMs,
      givenUpDays: config.ingress.givenUpEventDays,
      log,
    }),
};

@Module({
  providers: [...parts, rules, watermarks, waiting, dispatcher, pipeline, lane, watch, consumer, upkeep],
  exports: [RuleSync, tokens.consumer, PartitionWatch, PostponedLane, Upkeep],
})
export class PipelineModule {}
