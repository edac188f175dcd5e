// A member of a consumer group in a process of its own, which a test may kill. It says each message that it has processed
// as a line of JSON. Arguments: the compiled client.js and logger.js, and `ProcessOptions` of kafka-contract.ts as JSON.
import { setTimeout as sleep } from 'node:timers/promises';

const [client, logger, given] = process.argv.slice(2);
const { createKafka } = await import(client);
const { createLogger } = await import(logger);
const { settings, groupId, topic, values = [], workMs = 0 } = JSON.parse(given);

const kafka = createKafka(settings, createLogger('member', 'silent'));
const producer = kafka.producer();
if (values.length > 0) await producer.send(values.map((value) => ({ topic, key: null, value })));
await producer.close();

kafka
  .consumer({
    groupId,
    topics: [topic],
    chunkSize: 5,
    partitionsAtOnce: 8,
    handler: {
      async process({ partition, messages }) {
        for (const { offset, value } of messages) {
          await sleep(workMs);
          process.stdout.write(`${JSON.stringify({ partition, offset: Number(offset), value: String(value) })}\n`);
        }
      },
      commit: async () => {},
    },
    prepare: async () => {},
    assigned: () => {},
    verify: async () => {},
  })
  .start();
