/** Messages nobody can process: they are kept whole, and the partition goes on. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { IngressWorld, type RunningIngress } from '../../support/ingress.ts';
import { crmRunId } from '../../support/runs.ts';

let world: IngressWorld;
let ingress: RunningIngress;

beforeAll(async () => {
  world = await IngressWorld.create();
  ingress = await world.startIngress();
});

afterAll(() => world.close());

it('sends to the dead letters what it cannot decode, with the reason and the origin, and goes on', async () => {
  const rule = await world.rule({ trigger_event: 'customer.deposited' });
  await world.rulesLive(ingress);
  const deep = `{"id":"deep","type":"customer.deposited","data":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`;
  const large = JSON.stringify({ id: 'large', type: 'customer.deposited', data: { text: 'x'.repeat(300_000) } });
  const good = (id: string) => ({ id, type: 'customer.deposited', brand: 'alpha', data: {} });
  const key = 'one partition';
  await world.publish(
    topics.crm,
    { key, value: good('before') },
    { key, value: '{"id": "broken"', headers: { trace: 'abc' } },
    { key, value: { id: 'no type', data: {} } },
    { key, value: large },
    { key, value: deep },
    { key, value: Buffer.from([0xff, 0xfe, 0x00]) },
    { key, value: good('after') },
  );
  const letters = await world.deadLetters(5);
  expect(letters.map(({ headers }) => headers['dead-letter.reason'])).toEqual([
    'not_json',
    'invalid_event',
    'too_large',
    'too_deep',
    'not_json',
  ]);
  expect(letters[0]?.value).toBe('{"id": "broken"');
  expect(letters[2]?.value).toBe(large);
  expect(letters[3]?.value).toBe(deep);
  const [first] = letters;
  expect(first?.headers).toMatchObject({
    'dead-letter.topic': `${world.config.kafka.topicPrefix}${topics.crm}`,
    'dead-letter.offset': '1',
    'original.trace': 'abc',
  });
  expect(letters[1]?.headers['dead-letter.message']).toContain('type');
  await world.drained();
  const started = (await world.records()).map(({ run_id }) => run_id).sort();
  expect(started).toEqual([crmRunId(rule, 'after'), crmRunId(rule, 'before')]);
  await world.rules.delete(rule, 'test');
});
