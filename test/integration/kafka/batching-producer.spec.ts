import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafka } from '#libs/kafka/client.ts';
import type { KafkaConnection, KafkaProducer } from '#libs/kafka/ports.ts';
import { createBatchingProducer } from '#libs/kafka/producer.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { readTopic } from '../../support/read-topic.ts';
import { servers, uniqueName } from '../../support/servers.ts';

const topic = uniqueName('producer');
let kafka: KafkaConnection;

beforeAll(async () => {
  kafka = createKafka({ brokers: servers().kafka, tls: false }, createLogger('test', 'silent'));
  await withAdmin(kafka, (admin) => admin.createTopics([topic], { partitions: 3, replicationFactor: 1 }));
});

describe('the batching producer', () => {
  const producers: Array<{ stop(): Promise<void> }> = [];
  const create = () => {
    const requests: number[] = [];
    const sender = kafka.producer();
    const counting: KafkaProducer = {
      send: (messages) => {
        requests.push(messages.length);
        return sender.send(messages);
      },
      close: () => sender.close(),
    };
    const producer = createBatchingProducer({ producer: () => counting });
    producers.push(producer);
    return { producer, requests };
  };
  afterAll(() => Promise.all(producers.map((producer) => producer.stop())));

  it('sends at once when idle and gathers what comes meanwhile', async () => {
    const { producer, requests } = create();
    await producer.send(topic, { key: 'warm', value: '0' });
    const sent: Array<Promise<void>> = [];
    sent.push(producer.send(topic, { key: 'a', value: '1' }));
    // The first is under way when the others come.
    await new Promise((resolve) => setImmediate(resolve));
    for (let n = 2; n <= 50; n += 1) sent.push(producer.send(topic, { key: 'a', value: String(n) }));
    await Promise.all(sent);
    expect(requests).toEqual([1, 1, 49]);
    const values = (await readTopic(servers().kafka, topic, 'a', 50)).map(({ value }) => value);
    expect(values).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 1)));
  });

  it('lets a message that no broker takes fail alone', async () => {
    const { producer } = create();
    await producer.send(topic, { key: 'warm', value: '0' });
    const results = await Promise.allSettled([
      producer.send(topic, { key: 'b', value: 'good' }),
      producer.send(topic, { key: 'b', value: 'x'.repeat(3_000_000) }),
      producer.send(topic, { key: 'b', value: 'also good' }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'publish_failed', retryable: true } });
  });

  it('rejects for a topic that does not exist, and goes on with others', async () => {
    const { producer } = create();
    await expect(producer.send(uniqueName('missing'), { key: null, value: '1' })).rejects.toMatchObject({
      code: 'publish_failed',
    });
    await expect(producer.send(topic, { key: 'c', value: '1' })).resolves.toBeUndefined();
  });

  it('sends what is waiting before it stops, and takes nothing more', async () => {
    const { producer } = create();
    const last = producer.send(topic, { key: 'd', value: 'last' });
    await producer.stop();
    await expect(last).resolves.toBeUndefined();
    await expect(producer.send(topic, { key: 'd', value: 'too late' })).rejects.toMatchObject({
      code: 'publish_failed',
    });
  });
});
