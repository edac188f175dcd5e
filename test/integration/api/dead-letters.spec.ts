/** Dead letters: kept, read and sent again, each once at most. On real Kafka, store and Temporal. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { headerValues } from '#libs/contracts/message.ts';
import { readDeadLetter } from '#libs/dead-letters/read-dead-letter.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { TestApi } from '../../support/api.ts';
import { signalbox } from '../../support/cli.ts';
import { deadLetter, DeadLetterWorld, largeEvent } from '../../support/dead-letters.ts';
import { startDoomedApi } from '../../support/doomed-api.ts';
import { foreignKafka } from '../../support/foreign-kafka.ts';
import { until } from '../../support/ingress.ts';
import { withNullHeaders } from '../../support/null-headers.ts';
import { crmRunId } from '../../support/runs.ts';

type Producer = ReturnType<ReturnType<typeof foreignKafka>['producer']>;
type Message = Parameters<Producer['send']>[0]['messages'][number];

let world: DeadLetterWorld;
let apis: [TestApi, TestApi];

beforeAll(async () => {
  world = await DeadLetterWorld.create();
  apis = [await world.api(), await world.api()];
});
afterEach(async () => {
  await world.ingress.reset();
  await world.store.collection('dead_letters').deleteMany({});
});
afterAll(() => world.close());

const base = '/api/workflow/dead-letters';
const post = (api: TestApi, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.as('SESSION_ADMIN', `${base}${path}`, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
const read = async (id: string) =>
  (await apis[0].as('SESSION_DEALER', `${base}/${id}`)).body.data?.['dead_letter'] as Record<string, unknown>;

describe('one that is sent again', () => {
  it('runs exactly once after the fix, though two APIs are asked at once', async () => {
    const rule = await world.ingress.rule({ trigger_event: 'customer.deposited' });
    const strict = await world.strictIngress();
    await world.ingress.rulesLive(strict);
    await world.ingress.publish(topics.crm, { key: 'k', value: largeEvent('mended') });
    const [letter] = await world.kept(1);
    expect(letter).toMatchObject({ reason: 'too_large', state: 'open', obstacle: null, origin: { topic: topics.crm } });
    await strict.close();
    const ingress = await world.ingress.startIngress();
    await world.ingress.rulesLive(ingress);
    const before = await world.published();
    const asked = Array.from({ length: 10 }, (_, n) => post(apis[n % 2]!, `/${letter!.dead_letter_id}/resend`));
    const statuses = (await Promise.all(asked)).map(({ status }) => status).toSorted((one, other) => one - other);
    expect(statuses).toEqual([200, ...Array<number>(9).fill(409)]);
    await until('its run is there', async () => (await world.ingress.records()).length > 0);
    await world.ingress.drained();
    expect(await world.published()).toBe(before + 1);
    expect((await world.ingress.records()).map(({ run_id }) => run_id)).toEqual([crmRunId(rule, 'mended')]);
    const sent = await read(letter!.dead_letter_id);
    expect(sent).toMatchObject({ state: 'sent', resend: { by: 'alice', to: { partition: expect.any(Number) } } });
    const target = `dead_letter/${letter!.dead_letter_id}`;
    const { items } = await createAuditLog(world.store).list({ target }, { limit: 50 });
    expect(items.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(items.every(({ operation }) => operation === 'dead_letter.resend')).toBe(true);
  });

  it('answers the same request sent again with the letter, and publishes nothing more', async () => {
    await world.strictIngress();
    await world.ingress.publish(topics.crm, { key: 'k', value: largeEvent('twice') });
    const [letter] = await world.kept(1);
    const headers = { 'Idempotency-Key': 'the-same' };
    const answers = [];
    for (const api of apis) answers.push(await post(api, `/${letter!.dead_letter_id}/resend`, undefined, headers));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]!.body.data).toEqual(answers[0]!.body.data);
    // The same message failed again, once.
    expect(await world.kept(2)).toHaveLength(2);
  });

  it('is published once at most wherever the process ends, and shows as unknown after the claim', async () => {
    await world.strictIngress();
    const keys = Array.from({ length: 6 }, (_, n) => `${n}`);
    await world.ingress.publish(topics.crm, ...keys.map((key) => ({ key, value: largeEvent(`lost-${key}`) })));
    const letters = await world.kept(keys.length);
    const ends: { state: unknown; published: number }[] = [];
    for (const [at, { dead_letter_id: id }] of letters.entries()) {
      const before = await world.published();
      const doomed = await startDoomedApi(world.env());
      doomed.loseAnswer('store', at + 1);
      await Promise.race([post(doomed.api, `/${id}/resend`).catch(() => null), doomed.lost]);
      await doomed.end();
      const letter = await read(id);
      const published = (await world.published()) - before;
      ends.push({ state: letter['state'], published });
      const again = await post(apis[0], `/${id}/resend`);
      expect(again.status).toBe(letter['state'] === 'open' ? 200 : 409);
      expect(await world.published()).toBe(before + (letter['state'] === 'open' ? 1 : published));
    }
    expect(ends).toContainEqual({ state: 'open', published: 0 });
    expect(ends).toContainEqual({ state: 'unknown', published: 0 });
    expect(ends.every(({ state, published }) => published === 0 || (state !== 'open' && published === 1))).toBe(true);
    const batch = await post(apis[0], '/resend', { reason: 'nothing of the kind' });
    expect(batch.body.data).toMatchObject({ results: [], next_cursor: null });
  });

  it('is not claimed while Kafka is away', async () => {
    await world.strictIngress();
    await world.ingress.publish(topics.crm, { key: 'k', value: largeEvent('waits') });
    const [letter] = await world.kept(1);
    const cut = await world.api({ KAFKA_BROKERS: '127.0.0.1:1' });
    for (const answer of [
      await post(cut, `/${letter!.dead_letter_id}/resend`),
      await post(cut, '/resend', { reason: 'too_large' }),
    ]) {
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'kafka_unavailable' } } });
      expect(answer.body.error?.message).toContain('Kafka');
    }
    expect(await read(letter!.dead_letter_id)).toMatchObject({ state: 'open', resend: null });
    expect((await post(apis[0], `/${letter!.dead_letter_id}/resend`)).status).toBe(200);
    await world.kept(2);
  });
});

it('publishes the very bytes, key and headers, whatever they are', async () => {
  await world.strictIngress();
  const producer = foreignKafka(world.ingress.config.kafka.brokers).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const topic = `${world.ingress.config.kafka.topicPrefix}${topics.crm}`;
  const hostile = '<img src=x onerror=alert(1)> \u202Eגבה 💣 {"password":"hunter2-and-more"}';
  const messages: Message[] = [
    { key: '', value: Buffer.from([0xff, 0xfe, 0x00, 0x01]), headers: { empty: '', bytes: Buffer.from([0xff, 0]) } },
    { key: null, value: hostile, headers: { nothing: null as never, twice: ['a', 'b'], __proto: '\u202E' } },
    { key: Buffer.from([0, 255]), value: 'y'.repeat(700_000), headers: { authorization: 'Bearer abcdefghijkl' } },
    { key: 'constructor', value: null, headers: { constructor: 'c' } },
  ];
  await withNullHeaders(() => producer.send({ topic, messages }));
  await producer.disconnect();
  const kept = await world.kept(messages.length);
  const shown = await Promise.all(kept.map(({ dead_letter_id }) => read(dead_letter_id)));
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(JSON.stringify(shown)).not.toContain('abcdefgh');
  expect(shown.map(({ payload }) => (payload as { kind: string }).kind).sort()).toEqual([
    'binary',
    'none',
    'text',
    'text',
  ]);
  expect(Math.max(...shown.map(({ payload }) => (payload as { text: string }).text.length))).toBeLessThan(25_000);
  for (const { dead_letter_id } of kept) expect((await post(apis[0], `/${dead_letter_id}/resend`)).status).toBe(200);
  const own = (await world.messages(topic)).slice(-2 * messages.length);
  const hex = (part: Buffer | string): string => Buffer.from(part).toString('hex');
  // To those who read events, a header without a value is one that is not there.
  const headersOf = ({ headers = {} }: (typeof own)[number]) =>
    Object.entries(headers)
      .map(([name, header]) => [name, headerValues(header).map(hex)] as const)
      .filter(([, values]) => values.length > 0)
      .sort(([one], [other]) => (one < other ? -1 : 1));
  const text = (one: (typeof own)[number]): string =>
    JSON.stringify([one.key && hex(one.key), one.value && hex(one.value).slice(0, 2000), headersOf(one)]);
  const counts = new Map<string, number>();
  for (const one of own) counts.set(text(one), (counts.get(text(one)) ?? 0) + 1);
  expect([...counts.values()]).toEqual(messages.map(() => 2));
});

describe('all of a reason', () => {
  it('are sent once each in batches, without those that fail again meanwhile', async () => {
    await world.strictIngress();
    const count = 60;
    const events = Array.from({ length: count }, (_, n) => ({ key: `${n}`, value: largeEvent(`all-${n}`) }));
    await world.ingress.publish(topics.crm, ...events, { key: 'other', value: '{"broken' });
    await world.kept(count, 'too_large');
    await world.kept(1, 'not_json');
    const before = await world.published();
    const reasons = (await apis[0].as('SESSION_DEALER', `${base}/reasons`)).body.data;
    expect(reasons).toEqual({
      reasons: [
        { reason: 'not_json', open: 1, is_more: false },
        { reason: 'too_large', open: count, is_more: false },
      ],
    });
    const outcomes: string[] = [];
    let batches = 0;
    for (let cursor: unknown = undefined; cursor !== null; batches += 1) {
      const body = { reason: 'too_large', ...(cursor !== undefined && { cursor }) };
      expect(batches).toBeLessThan(6);
      // Two people press the button.
      const both = await Promise.all(apis.map((api) => post(api, '/resend', body)));
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      for (const { body: answer } of both) {
        outcomes.push(...(answer.data!['results'] as { outcome: string }[]).map(({ outcome }) => outcome));
      }
      cursor = both[0]!.body.data!['next_cursor'];
      // The first of them have failed again before the next batch.
      if (batches === 0) await world.kept(count + 10, 'too_large');
    }
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(count);
    expect(await world.published()).toBe(before + count);
    expect(await world.kept(2 * count, 'too_large')).toHaveLength(2 * count);
  });

  it('takes no cursor that it did not give, nor one of another reason', async () => {
    for (const cursor of ['nonsense', btoa('{}')]) {
      const answer = await post(apis[0], '/resend', { reason: 'too_large', cursor });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
    }
  });
});

describe('who may see what', () => {
  it('shows a session for some brands the letters of which the brand is known, and no other', async () => {
    const oak = deadLetter({ dead_letter_id: 'topic.0.1', brand: 'oak', reason: 'rule_too_slow' });
    await world.letters.add([oak, deadLetter({ dead_letter_id: 'topic.0.2', reason: 'rule_too_slow' })]);
    const list = async (brands?: string[]) =>
      (await apis[0].as('SESSION_ADMIN', base, {}, brands === undefined ? {} : { brands })).body.data!['dead_letters'];
    expect(await list()).toHaveLength(2);
    expect(await list(['oak'])).toMatchObject([{ brand: 'oak' }]);
    expect(await list(['elm'])).toEqual([]);
    const ask = (id: string, brands: string[]) =>
      apis[0].as('SESSION_ADMIN', `${base}/${id}/resend`, { method: 'POST' }, { brands });
    for (const id of ['topic.0.2', 'topic.0.3']) {
      expect(await ask(id, ['oak'])).toMatchObject({ status: 404, body: { error: { code: 'dead_letter_not_found' } } });
    }
    expect((await ask('topic.0.1', ['elm'])).status).toBe(404);
    const batch = { method: 'POST', body: { reason: 'rule_too_slow' } };
    expect((await apis[0].as('SESSION_ADMIN', `${base}/resend`, batch, { brands: ['elm'] })).body.data).toMatchObject({
      results: [],
    });
    expect((await apis[0].as('SESSION_DEALER', `${base}/resend`, batch)).status).toBe(403);
  });

  it('sends nothing again that is not whole, a batch, or of another topic', async () => {
    const prefix = world.ingress.config.kafka.topicPrefix;
    const cases = [
      { 'dead-letter.topic': `${prefix}crm.events`, 'dead-letter.truncated-from-bytes': '9000000' },
      { 'dead-letter.topic': `${prefix}crm.events`, 'dead-letter.last-offset': '8' },
      { 'dead-letter.topic': `${prefix}workflow.lifecycle` },
      { 'dead-letter.topic': 'bank.transfers' },
      {},
    ];
    const message = { offset: '0', timestamp: String(Date.now()), key: null, value: Buffer.from('{}') };
    const letters = cases.map((headers, n) =>
      readDeadLetter({ ...message, headers }, { topicId: 'topic', partition: 1, offset: BigInt(n) }, prefix),
    );
    await world.letters.add(letters);
    for (const { dead_letter_id } of letters) {
      const answer = await post(apis[0], `/${dead_letter_id}/resend`);
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'not_resendable' } } });
    }
  });
});

it('is done from the command line, too', async () => {
  await world.strictIngress();
  await world.ingress.publish(
    topics.crm,
    { key: 'a', value: largeEvent('cli-1') },
    { key: 'b', value: largeEvent('cli-2') },
  );
  const [letter] = await world.kept(2);
  const { MONGODB_URI, ...env } = world.env();
  const cli = (...args: string[]) => signalbox(MONGODB_URI, ['dead-letters', ...args], undefined, env);
  const list = await cli('list', '--reason', 'too_large');
  expect(list.stdout).toContain(letter!.dead_letter_id);
  expect((await cli('show', letter!.dead_letter_id)).stdout).toContain('too_large');
  expect((await cli('resend', letter!.dead_letter_id)).stdout).toContain('sent again');
  expect(await cli('resend', letter!.dead_letter_id)).toMatchObject({ code: 1 });
  expect(await cli('resend')).toMatchObject({ code: 64 });
  const before = await world.published();
  expect((await cli('resend', '--reason', 'too_large', '--by', 'ann')).code).toBe(0);
  expect(await world.published()).toBeGreaterThan(before);
});
