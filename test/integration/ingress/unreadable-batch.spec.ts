/** A batch that inflates too far is one dead letter, and what stands before and behind it is processed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { IngressWorld } from '../../support/ingress.ts';
import { publishByJava } from '../../support/java-producer.ts';

let world: IngressWorld;

beforeAll(async () => void (world = await IngressWorld.create()));
afterAll(() => world.close());

function events(name: string, count: number, note = ''): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `${name}-${index}`, type: 'customer.deposited', brand: 'alpha', data: { note } }),
  );
}

it('is put aside with its offsets, the last one included', async () => {
  const topic = `${world.config.kafka.topicPrefix}${topics.crm}`;
  const rule = await world.rule({ trigger_event: 'customer.deposited' });
  await publishByJava(topic, 'none', events('before', 3));
  await publishByJava(topic, 'zstd', events('large', 50, 'x'.repeat(10_000)));
  await publishByJava(topic, 'zstd', events('behind', 3));
  const ingress = await world.startIngress({ KAFKA_MAX_INFLATED_BYTES: '300000' });
  await world.rulesLive(ingress);
  await world.drained();
  const started = (await world.records()).filter(({ rule_id }) => rule_id === rule).map(({ event_id }) => event_id);
  const expected = ['before', 'behind'].flatMap((name) => [0, 1, 2].map((index) => `${name}-${index}`));
  expect(started.sort()).toEqual(expected.sort());
  const [letter] = await world.deadLetters(1);
  expect(letter?.headers).toMatchObject({
    'dead-letter.reason': 'batch_too_large',
    'dead-letter.topic': topic,
    'dead-letter.partition': '0',
    'dead-letter.offset': '3',
    'dead-letter.last-offset': '52',
  });
  expect(letter?.headers['dead-letter.message']).toBe(
    '50 records at offsets 3 to 52, compressed with zstd: inflated they take more than KAFKA_MAX_INFLATED_BYTES (300000)',
  );
});
