/** What `signalbox setup` does, server by server. Each says what it made. */
import type { Config } from '#libs/config/config.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { ensureTopics } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { openTemporal } from '#temporal/client/connection.ts';
import { prepareNamespace } from '#temporal/client/temporal-setup.ts';

export const steps: { server: string; prepare: (config: Config) => Promise<string> }[] = [
  { server: 'Temporal', prepare: prepareTemporal },
  { server: 'Kafka', prepare: prepareKafka },
  { server: 'store', prepare: prepareStore },
];

async function prepareTemporal(config: Config): Promise<string> {
  const connection = openTemporal(config.temporal);
  try {
    return made('search attributes', await prepareNamespace(connection, config.temporal.namespace));
  } finally {
    await connection.close();
  }
}

async function prepareKafka(config: Config): Promise<string> {
  const kafka = createKafka(config.kafka, createLogger('cli', 'silent'));
  return made('topics', await withAdmin(kafka, (admin) => ensureTopics(admin, config.kafka)));
}

async function prepareStore(config: Config): Promise<string> {
  const connection = await connectStore(config.store.uri, { serverSelectionTimeoutMs: 3_000 });
  try {
    await ensureIndexes(connection);
    return 'the indexes are there';
  } finally {
    await connection.close();
  }
}

function made(what: string, names: string[]): string {
  return names.length === 0 ? `the ${what} were there` : `made the ${what} ${names.join(', ')}`;
}
