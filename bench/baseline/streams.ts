/** A consumer that writes each message to every HTTP client as a Server-Sent Event and keeps nothing. Arguments: brokers, topic. */
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', topic = ''] = process.argv.slice(2);
const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `bare-${randomUUID()}` });
const clients = new Set<ServerResponse>();
const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(': connected\n\n');
  clients.add(response);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
consumer.on(consumer.events.GROUP_JOIN, () => process.send?.((server.address() as AddressInfo).port));
await consumer.run({
  eachMessage: ({ message: { offset, value } }) => {
    for (const client of clients) client.write(`id: ${offset}\ndata: ${value?.toString()}\n\n`);
    return Promise.resolve();
  },
});
