/** Dead letters as commands use them. */
import { DeadLetterAdmin } from '#libs/dead-letters/dead-letter-admin.ts';
import { OriginTopics } from '#libs/dead-letters/origin-topics.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import type { Tools } from './command.ts';

/** @throws what `act` throws */
export async function withDeadLetters<Result>(
  { config, store, audited }: Tools,
  act: (admin: DeadLetterAdmin) => Promise<Result>,
): Promise<Result> {
  const { kafka } = config();
  const origins = new OriginTopics(createKafka(kafka, createLogger('cli', 'silent')), kafka);
  try {
    const { deadLetters: letters } = await store();
    return await act(new DeadLetterAdmin({ letters, origins, audited }));
  } finally {
    await origins.close();
  }
}
