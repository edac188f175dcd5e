/** The servers a worker works with, each waited for until it is there. */
import { NativeConnection } from '@temporalio/worker';
import type { Connection as StoreConnection } from 'mongoose';
import type { Config } from '#libs/config/config.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { kafkaCheck } from '#libs/kafka/health.ts';
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { ensureTopics } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { connectStore, pingStore } from '#libs/store/mongo/connect.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { temporalOptions } from '#temporal/client/connection.ts';
import { checkNamespace, prepareNamespace } from '#temporal/client/temporal-setup.ts';
import type { Closers } from './closers.ts';
import { keepTrying } from './keep-trying.ts';
import type { WorkerHealth, WorkerHealthIndicator } from './worker.health.ts';

export interface Connections {
  temporal: NativeConnection;
  store: StoreConnection;
  kafka: KafkaConnection;
  producer: BatchingProducer;
}

/** @throws PermanentError for settings no time can heal; AbortError when the process is to end first */
export async function connectAll(
  context: AppContext<Config>,
  checks: WorkerHealth,
  closers: Closers,
): Promise<Connections> {
  const [temporal, store, { kafka, producer }] = await Promise.all([
    reachTemporal(context, checks.temporal, closers),
    reachStore(context, checks.store, closers),
    reachKafka(context, checks.kafka, closers),
  ]);
  return { temporal, store, kafka, producer };
}

async function reachTemporal(
  context: AppContext<Config>,
  check: WorkerHealthIndicator,
  closers: Closers,
): Promise<NativeConnection> {
  const { log } = context;
  const { address, namespace } = context.config.temporal;
  const connect = async (): Promise<NativeConnection> => {
    const connection = await NativeConnection.connect(temporalOptions(context.config.temporal));
    try {
      const added = await prepareNamespace(connection, namespace);
      if (added.length > 0) log.info({ namespace, added }, 'search attributes of runs were added to Temporal');
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  const connection = await keepTrying(`Temporal at ${address}, namespace ${namespace},`, connect, {
    ...context,
    failed: (reason) => check.because(reason),
  });
  closers.add(() => connection.close());
  check.become((signal) => connection.withAbortSignal(signal, () => checkNamespace(connection, namespace)));
  return connection;
}

async function reachStore(
  context: AppContext<Config>,
  check: WorkerHealthIndicator,
  closers: Closers,
): Promise<StoreConnection> {
  const { config, log } = context;
  const connect = async (): Promise<StoreConnection> => {
    const connection = await connectStore(config.store.uri, { log });
    try {
      await ensureIndexes(connection);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  // The address may hold a password.
  const connection = await keepTrying('The store', connect, { ...context, failed: (reason) => check.because(reason) });
  closers.add(() => connection.close());
  check.become((signal) => pingStore(connection, signal));
  return connection;
}

async function reachKafka(
  context: AppContext<Config>,
  check: WorkerHealthIndicator,
  closers: Closers,
): Promise<Pick<Connections, 'kafka' | 'producer'>> {
  const { config, log } = context;
  const kafka = createKafka(config.kafka, log);
  const prepare = () => withAdmin(kafka, (admin) => ensureTopics(admin, config.kafka));
  await keepTrying(`Kafka at ${config.kafka.brokers.join(', ')}`, prepare, {
    ...context,
    failed: (reason) => check.because(reason),
  });
  const cluster = kafkaCheck(kafka, config.kafka);
  const producer = createBatchingProducer(kafka);
  closers.add(() => cluster.close());
  closers.add(() => producer.stop());
  check.become((signal) => cluster.check(signal));
  return { kafka, producer };
}
