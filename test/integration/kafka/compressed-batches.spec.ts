/** What Kafka's own producer compresses is read; what inflates too far is sent to the dead letters, and the partition goes on. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { readRecorded, recordedTopics } from '#libs/kafka/read-topic-range.ts';
import { IngressWorld } from '../../support/ingress.ts';
import { publishByJava } from '../../support/java-producer.ts';

let world: IngressWorld;
let topic: string;

beforeAll(async () => {
  world = await IngressWorld.create();
  topic = `${world.config.KAFKA_TOPIC_PREFIX}${topics.crm}`;
});
afterEach(() => world.reset());
afterAll(() => world.close());

/** Events of different lengths, with much that repeats and something that does not. */
function events(name: string, count: number, text = ''): string[] {
  return Array.from({ length: count }, (_, index) => {
    const noise = Array.from({ length: index % 40 }, () => Math.random().toString(36)).join('');
    const data = { note: `${text}${'again and again, '.repeat(index % 30)}${noise} é😀` };
    return JSON.stringify({ id: `${name}-${index}`, type: 'customer.deposited', brand: 'alpha', data });
  });
}

const codecs = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

it.each(codecs)('starts one run for each event of a %s batch', async (codec) => {
  const rule = await world.rule({ trigger_event: 'customer.deposited' });
  const ingress = await world.startIngress();
  await world.rulesLive(ingress);
  await publishByJava(topic, codec, events(codec, 300));
  await world.drained();
  const started = (await world.records()).filter(({ rule_id }) => rule_id === rule).map(({ event_id }) => event_id);
  expect(started.sort()).toEqual(Array.from({ length: 300 }, (_, index) => `${codec}-${index}`).sort());
});

it.each(codecs)(
  'puts a %s batch aside that inflates too far, and processes what stands before and behind it',
  async (codec) => {
    const rule = await world.rule({ trigger_event: 'customer.deposited' });
    const before = await toEnd(topic);
    await publishByJava(topic, 'none', events(`${codec}-before`, 3));
    await publishByJava(topic, codec, events(`${codec}-large`, 50, 'x'.repeat(10_000)));
    await publishByJava(topic, codec, events(`${codec}-behind`, 3));
    const ingress = await world.startIngress({ KAFKA_MAX_INFLATED_BYTES: 300_000 });
    await world.rulesLive(ingress);
    await world.drained();
    const started = (await world.records()).filter(({ rule_id }) => rule_id === rule).map(({ event_id }) => event_id);
    const expected = ['before', 'behind'].flatMap((name) => [0, 1, 2].map((index) => `${codec}-${name}-${index}`));
    expect(started.sort()).toEqual(expected.sort());
    const [first, last] = [String(before + 3), String(before + 52)];
    const all = await world.deadLetters(codecs.indexOf(codec) + 1);
    const letters = all.filter(({ headers }) => headers['dead-letter.offset'] === first);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.headers).toMatchObject({
      'dead-letter.reason': 'batch_too_large',
      'dead-letter.topic': topic,
      'dead-letter.partition': '0',
      'dead-letter.offset': first,
      'dead-letter.last-offset': last,
    });
    expect(letters[0]?.headers['dead-letter.message']).toBe(
      `50 records at offsets ${first} to ${last}, compressed with ${codec}: inflated they take more than KAFKA_MAX_INFLATED_BYTES (300000)`,
    );
  },
);

it('lets a backtest read compressed batches', async () => {
  const since = Date.now();
  await publishByJava(topic, 'zstd', events('backtest', 20));
  const read: string[] = [];
  await readRecorded(world.kafka, {
    topics: recordedTopics(world.config),
    since,
    signal: AbortSignal.timeout(60_000),
    take: async (messages) => void read.push(...messages.map(({ value }) => String(value))),
  });
  expect(read.map((value) => (JSON.parse(value) as { id: string }).id)).toEqual(
    Array.from({ length: 20 }, (_, index) => `backtest-${index}`),
  );
});

/** Offset of the next message of partition 0. */
async function toEnd(name: string): Promise<number> {
  const admin = world.kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(name);
  await admin.disconnect();
  return Number(ends.find(({ partition }) => partition === 0)?.high);
}
