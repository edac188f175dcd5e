import type { KafkaAdmin, KafkaConnection } from './ports.ts';

/** Asks over a connection that is closed afterwards. */
export async function withAdmin<T>(
  kafka: Pick<KafkaConnection, 'admin'>,
  ask: (admin: KafkaAdmin) => Promise<T>,
): Promise<T> {
  const admin = kafka.admin();
  try {
    return await ask(admin);
  } finally {
    await admin.close();
  }
}
