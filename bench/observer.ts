/** A subscriber of the events of runs, as anybody's: it counts what is measured, and should itself cost little. */
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { waitUntil } from './wait.ts';

export interface Observer {
  stop(): Promise<void>;
}

/** @param take called with the value of each message, from the beginning of the topic on */
export async function observe(brokers: string[], topic: string, take: (value: string) => void): Promise<Observer> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.ERROR });
  const groupId = `observer-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, minBytes: 1024 * 1024, maxWaitTimeInMs: 100 });
  let joined = false;
  consumer.on(consumer.events.GROUP_JOIN, () => (joined = true));
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: ({ batch }) => {
      for (const { value } of batch.messages) take(value?.toString() ?? '');
      return Promise.resolve();
    },
  });
  await waitUntil('the start of the observer', 30_000, () => joined);
  return { stop: () => consumer.disconnect() };
}
