/** Reading what topics have recorded, whoever wrote it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { readRecorded, recordedTopics } from '#libs/kafka/read-topic-range.ts';
import { foreignKafka } from '../../support/foreign-kafka.ts';
import { IngressWorld } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
beforeAll(async () => {
  world = await IngressWorld.create();
});
afterAll(() => world?.close());

async function read(since = 0): Promise<string[]> {
  const values: string[] = [];
  await readRecorded(world.kafka, {
    topics: recordedTopics(world.config.kafka),
    since,
    signal: AbortSignal.timeout(30_000),
    take: (messages) => {
      values.push(...messages.map(({ topic, value }) => `${topic} ${String(value)}`));
      return Promise.resolve();
    },
  });
  return values;
}

it('ends at once where there is nothing', async () => {
  expect(await read()).toEqual([]);
});

it('gives every message once, also behind the marks that transactions leave', async () => {
  const transactionalId = uniqueName('transaction');
  const producer = foreignKafka().producer({ transactionalId, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const topic = `${world.config.kafka.topicPrefix}${topics.crm}`;
  for (const value of ['one', 'two']) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'k', value }] });
    await transaction.commit();
  }
  const aborted = await producer.transaction();
  await aborted.send({ topic, messages: [{ key: 'k', value: 'never' }] });
  await aborted.abort();
  await producer.disconnect();
  expect(await read()).toEqual([`${topics.crm} one`, `${topics.crm} two`]);
  expect(await read(Date.now() + 60_000)).toEqual([]);
});

it('ends with the reason when it is told to', async () => {
  const stopped = readRecorded(world.kafka, {
    topics: recordedTopics(world.config.kafka),
    since: 0,
    signal: AbortSignal.abort(new Error('enough')),
    take: () => Promise.resolve(),
  });
  await expect(stopped).rejects.toThrow('enough');
});
