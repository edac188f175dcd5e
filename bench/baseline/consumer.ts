/** A kafkajs consumer that parses JSON and does nothing else. Arguments: brokers, topic, number of messages. */
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', topic = '', count = '0'] = process.argv.slice(2);
const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `bare-${randomUUID()}` });

let handled = 0;
let first: { at: number; handled: number } | undefined;
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachBatch: ({ batch }) => {
    for (const { value } of batch.messages) {
      JSON.parse(value?.toString() ?? 'null');
      handled += 1;
    }
    first ??= { at: performance.now(), handled };
    if (handled >= Number(count)) {
      process.send?.(((handled - first.handled) / (performance.now() - first.at)) * 1000, () => process.exit(0));
    }
    return Promise.resolve();
  },
});
