/** Rules that take long to match hold up neither the group nor the brands of others. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { IngressWorld, ruleDefinition, until, type RunningIngress } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;

beforeAll(async () => {
  world = await IngressWorld.create();
});
afterEach(async () => {
  await world.reset();
  await world.store.collection('postponed_events').deleteMany({});
});
afterAll(() => world.close());

const key = 'one partition';
const event = (id: string, type: string, brand: string, data: object = {}) => ({
  key,
  value: { id, type, brand, data },
});

/** A text whose every part may be the beginning of a match: patterns like the one below have to follow all of them. */
function note(seed: number): string {
  let state = seed + 1;
  return Array.from({ length: 500 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % 2 === 0 ? 'a' : 'b';
  }).join('');
}
const slowPattern = (n: number): string => `(.{0,40}a){4}[^ab]|x${n}$`;

async function metric({ url }: RunningIngress, name: string): Promise<string | undefined> {
  return (await (await fetch(`${url}/metrics`)).text()).split('\n').find((line) => line.startsWith(name));
}

const recordOf = async (eventId: string): Promise<RunRecord | undefined> =>
  (await world.records()).find(({ event_id }) => event_id === eventId);

it('runs the rule of another brand behind events whose rules take minutes, and stays in the group', async () => {
  const trigger = uniqueName('trigger');
  const slow = Array.from({ length: 200 }, (_, n) => ({
    id: uniqueName('slow'),
    definition: ruleDefinition({
      trigger_event: trigger,
      brand: 'slow',
      conditions: { field: 'event.note', operator: 'regex', value: slowPattern(n) },
    }),
  }));
  await world.rules.apply(slow, 'test');
  await world.rule({ trigger_event: trigger, brand: 'plain' });
  const ingress = await world.startIngress();
  await world.rulesLive(ingress);
  await world.ready(ingress);
  const slowEvents = Array.from({ length: 500 }, (_, n) => event(`slow-${n}`, trigger, 'slow', { note: note(n) }));
  const since = Date.now();
  await world.publish(topics.crm, ...slowEvents, event('plain', trigger, 'plain'));
  await until('the plain rule runs', async () => (await recordOf('plain')) !== undefined, 60_000);
  const tookMs = Date.now() - since;
  await world.drained();
  // All the while nobody was evicted: the group was joined once.
  expect(ingress.logs.filter(({ msg }) => msg === 'joined the consumer group')).toHaveLength(1);
  const postponed = async () => Number((await metric(ingress, 'signalbox_postponed_events'))?.split(' ').at(-1));
  await until('the metric tells how many are postponed', async () => (await postponed()) > 400);
  expect(tookMs).toBeLessThan(30_000);
}, 180_000);

it('processes what it has postponed, once, after a restart too', async () => {
  const trigger = uniqueName('trigger');
  const patterns = [0, 1, 2].map((n) => ({ field: 'event.note', operator: 'regex' as const, value: slowPattern(n) }));
  const rule = await world.rule({ trigger_event: trigger, conditions: { not: { match: 'any', rules: patterns } } });
  // Any evaluation that takes longer than a slice is postponed.
  const first = await world.startIngress({ INGRESS_EVENT_MATCH_MS: '1', INGRESS_RULE_MATCH_MS: '60000' });
  await world.rulesLive(first);
  const events = Array.from({ length: 20 }, (_, n) => event(`${trigger}-${n}`, trigger, 'slow', { note: note(n) }));
  await world.publish(topics.crm, ...events);
  await world.drained();
  await first.close();
  expect(await world.store.collection('postponed_events').countDocuments({})).toBeGreaterThan(0);
  const second = await world.startIngress({ INGRESS_EVENT_MATCH_MS: '1', INGRESS_RULE_MATCH_MS: '60000' });
  await world.rulesLive(second);
  const ran = async () => (await world.records()).filter(({ rule_id }) => rule_id === rule);
  await until('all of them run', async () => (await ran()).length === events.length, 120_000);
  const ids = (await ran()).map(({ event_id }) => event_id);
  expect(new Set(ids).size).toBe(events.length);
  await until(
    'none is left',
    async () => (await metric(second, 'signalbox_postponed_events'))?.endsWith(' 0') === true,
  );
}, 240_000);

it('puts an event aside for which the conditions of one rule take too long, and names the rule', async () => {
  const trigger = uniqueName('trigger');
  const heavy = Array.from({ length: 150 }, (_, n) => ({
    field: 'event.note',
    operator: 'regex' as const,
    value: slowPattern(n),
  }));
  const rule = await world.rule({ trigger_event: trigger, conditions: { match: 'any', rules: heavy } });
  await world.rule({ trigger_event: trigger });
  const ingress = await world.startIngress({ INGRESS_RULE_MATCH_MS: '200' });
  await world.rulesLive(ingress);
  const slow = event(`${trigger}-slow`, trigger, 'any', { note: note(1).repeat(4) });
  await world.publish(topics.crm, slow, event(`${trigger}-after`, trigger, 'other', { note: 'ok' }));
  const [letter] = await world.deadLetters(1);
  expect(letter?.headers).toMatchObject({
    'dead-letter.reason': 'rule_too_slow',
    'dead-letter.brand': 'any',
    'dead-letter.partition': expect.any(String) as string,
  });
  expect(letter?.headers['dead-letter.message']).toContain(rule);
  expect(JSON.parse(letter?.value ?? '')).toEqual(slow.value);
  expect(ingress.logs.some(({ level, ruleId }) => level === 50 && ruleId === rule)).toBe(true);
  expect(await metric(ingress, `signalbox_rule_overruns_total{rule="${rule}"`)).toMatch(/ 1$/);
  await until(
    'the event of another brand runs',
    async () => (await recordOf(`${trigger}-after`)) !== undefined,
    60_000,
  );
  // None of its rules ran: corrected, the event can be published again and meets all of them.
  expect(await recordOf(`${trigger}-slow`)).toBeUndefined();
  await world.rules.apply([{ id: rule, definition: ruleDefinition({ trigger_event: trigger }) }], 'test');
  await world.rulesLive(ingress);
  await world.publish(topics.crm, slow);
  await until(
    'both of its rules run',
    async () => {
      return (await world.records()).filter(({ event_id }) => event_id === `${trigger}-slow`).length === 2;
    },
    60_000,
  );
}, 180_000);

it('keeps events that a rule of a newer build may be for until a build can use it', async () => {
  const trigger = uniqueName('trigger');
  await world.rule({ trigger_event: trigger, brand: 'other' });
  const id = uniqueName('newer');
  const definition = ruleDefinition({ trigger_event: trigger, brand: 'newer' });
  const newer = { ...definition, conditions: { field: 'event.a', operator: 'of_a_newer_build' as 'eq', value: 1 } };
  await world.rules.apply([{ id, definition: newer }], 'test');
  const old = await world.startIngress();
  await world.rulesLive(old);
  expect(old.logs.some(({ msg, ruleId }) => ruleId === id && msg.includes('wait until it can be used'))).toBe(true);
  expect(await metric(old, 'signalbox_rules_unusable{')).toMatch(/ 1$/);
  await world.publish(
    topics.crm,
    event(`${trigger}-newer`, trigger, 'newer'),
    event(`${trigger}-other`, trigger, 'other'),
  );
  await world.drained();
  await until('the other brand runs', async () => (await recordOf(`${trigger}-other`)) !== undefined);
  expect(await recordOf(`${trigger}-newer`)).toBeUndefined();
  // What a build that knows the operator sees.
  await world.rules.apply([{ id, definition }], 'test');
  await until('the kept event runs', async () => (await recordOf(`${trigger}-newer`))?.rule_id === id, 60_000);
}, 120_000);
