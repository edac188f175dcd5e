/** What commands read of Kafka. */
import type { Config } from '#libs/config/config.ts';
import type { IncomingMessage } from '#libs/contracts/message.ts';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { readRecorded, recordedTopics } from '#libs/kafka/read-topic-range.ts';
import { createLogger } from '#libs/telemetry/logger.ts';

/** @param since milliseconds since 1970 @throws RetryableError `kafka_unavailable` */
export async function readAllRecorded(
  settings: Config['kafka'],
  since: number,
  take: (messages: IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const kafka = createKafka(settings, createLogger('cli', 'silent'));
  let failure: unknown = null;
  try {
    const { signal } = new AbortController();
    const read = async (messages: IncomingMessage[]): Promise<void> => {
      try {
        await take(messages);
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    await readRecorded(kafka, { topics: recordedTopics(settings), since, signal, take: read });
  } catch (error) {
    if (error === failure) throw error;
    throw new RetryableError('kafka_unavailable', `Kafka could not be read: ${messageOf(error)}`, { cause: error });
  }
}
