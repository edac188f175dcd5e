/** Kafka as others use it: the platform that publishes, subscribers that read, operators who change topics and groups. */
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { servers } from './servers.ts';

/** @param brokers host:port of each */
export function foreignKafka(brokers: string[] = servers().kafka): Kafka {
  const retry = { initialRetryTime: 100, maxRetryTime: 5000, retries: 5 };
  return new Kafka({ clientId: 'somebody-else', brokers, logLevel: logLevel.NOTHING, retry });
}

/** Asks as an operator does, over a connection that is closed afterwards. */
export async function askAsOperator<T>(ask: (admin: Admin) => Promise<T>, brokers?: string[]): Promise<T> {
  const admin = foreignKafka(brokers).admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}
