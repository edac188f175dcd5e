/** Before and after: what rules would do about an event, and why they did what they did. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import type { RuleExplanation } from '#libs/domain/matching/explain.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { IngressWorld, ruleDefinition, type RunningIngress } from '../../support/ingress.ts';
import { crmRunId } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;
let api: TestApi;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({
    groups: [
      { name: 'real-alpha', brand: 'alpha' },
      { name: 'real-beta', brand: 'beta' },
    ],
    accounts: [
      { login: 8001, group: 'real-alpha', customer_id: 'c-plain' },
      { login: 9001, group: 'real-beta', customer_id: 'c-plain-beta' },
    ],
    customers: [
      { id: 'c-1', country: 'BR', brand: 'alpha' },
      { id: 'c-beta', country: 'PT', brand: 'beta' },
      // Whose they are is told by their accounts alone.
      { id: 'c-plain', country: 'IT', logins: [8001] },
      { id: 'c-plain-beta', country: 'ES', logins: [9001] },
    ],
  });
  ingress = await world.startIngress();
  api = await startTestApi({ MONGODB_URI: world.config.store.uri });
});
afterAll(async () => {
  await api?.close();
  await world?.close();
});

const ask = (path: string, body?: object, session: TokenOptions = {}): Promise<Answer> =>
  api.as('SESSION_DEALER', `/api/workflow/${path}`, body === undefined ? {} : { method: 'POST', body }, session);
const eventsIn = ({ body }: Answer) => body.data!['events'] as Record<string, unknown>[];
const rulesIn = ({ body }: Answer) =>
  (body.data!['rules'] ?? (body.data as { events: { rules: object[] }[] }).events[0]!.rules) as (RuleExplanation & {
    run: object | null;
  })[];
const byId = (answer: Answer, id: string) => rulesIn(answer).find(({ rule_id }) => rule_id === id);

/** @returns its id */
async function happens(type: string, more: object = {}): Promise<string> {
  const id = uniqueName('evt');
  const value = { id, type, brand: 'alpha', customerId: 'c-1', data: { amount: 500 }, ...more };
  await world.publish(topics.crm, { value });
  await world.drained();
  return id;
}

const atLeast = (value: number) => ({ field: 'event.amount', operator: 'gte' as const, value });

describe('an explanation', () => {
  it('says of every rule that was considered what its conditions saw, by the rules of then', async () => {
    const trigger = uniqueName('trigger');
    const low = await world.rule({ trigger_event: trigger, conditions: atLeast(100), priority: 2 });
    const high = await world.rule({ trigger_event: trigger, conditions: atLeast(1000), priority: 1 });
    const foreign = await world.rule({ trigger_event: trigger, brand: 'beta' });
    await world.rulesLive(ingress);
    const event = await happens(trigger);
    await world.rules.apply(
      [{ id: high, definition: ruleDefinition({ trigger_event: trigger, conditions: atLeast(1) }) }],
      'test',
    );
    await world.rules.delete(low, 'test');
    const answer = await ask(`events/${event}/explanation`);
    expect(answer).toMatchObject({ status: 200, body: { data: { event_id: event } } });
    expect(eventsIn(answer)).toMatchObject([{ trigger, brand: 'alpha', outcome: 'matched' }]);
    expect(byId(answer, low)).toMatchObject({
      verdict: 'runs',
      order: 1,
      version: 1,
      run: { run_id: crmRunId(low, event), status: 'running' },
    });
    expect(byId(answer, high)).toMatchObject({
      verdict: 'no_match',
      version: 1,
      run: null,
      conditions: [{ field: 'event.amount', operator: 'gte', wanted: 1000, seen: 500, holds: false }],
    });
    expect(byId(answer, foreign)).toBeUndefined();
  });

  it('is there for an event that only a rule in shadow matched', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger, status: 'shadow' });
    await world.rulesLive(ingress);
    const event = await happens(trigger);
    const answer = await ask(`events/${event}/explanation`);
    expect(byId(answer, rule)).toMatchObject({ verdict: 'shadow', run: { status: 'skipped', reason: 'shadow' } });
  });

  it('is there for an event that nothing matched', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger, conditions: atLeast(1000) });
    await world.rulesLive(ingress);
    const answer = await ask(`events/${await happens(trigger)}/explanation`);
    expect(eventsIn(answer)[0]).toMatchObject({ outcome: 'no_match' });
    expect(byId(answer, rule)).toMatchObject({ verdict: 'no_match' });
  });

  it('is given to nobody of another brand, nor of what nobody keeps', async () => {
    const trigger = uniqueName('trigger');
    await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    const event = await happens(trigger);
    const elsewhere = await ask(`events/${event}/explanation`, undefined, { brands: ['beta'] });
    const nowhere = await ask('events/none/explanation', undefined, { brands: ['beta'] });
    expect(elsewhere).toMatchObject({ status: 404, body: { error: { code: 'event_not_kept' } } });
    expect(elsewhere.body).toEqual(nowhere.body);
  });
});

it('what was kept is forgotten in time also where nothing more is kept', async () => {
  const own = await IngressWorld.create();
  try {
    const events = createEvaluatedEvents(own.store);
    const event = { eventKey: 'old', eventId: 'old', trigger: 'a.b', revision: 0, outcome: 'no_match' as const };
    await events.keep([{ ...event, at: '2020-01-01T00:00:00.000Z', context: { brand: null, event: {} } }]);
    await own.startIngress({ EXPLAIN_UNMATCHED: 'false' });
    await own.publish(topics.crm, { value: { id: uniqueName('evt'), type: 'a.b', data: {} } });
    await expect.poll(() => events.get('old'), { timeout: 20_000 }).toEqual([]);
  } finally {
    await own.close();
  }
});

describe('what-if', () => {
  const event = (type: string, more: object = {}) => ({
    event: { type, brand: 'alpha', customerId: 'c-1', data: { amount: 500 }, ...more },
  });

  it('says what would run in which order, a rule that is not stored included, and does nothing', async () => {
    const trigger = uniqueName('trigger');
    const stored = await world.rule({ trigger_event: trigger, priority: 5 });
    const off = await world.rule({ trigger_event: trigger, status: 'inactive' });
    const conditions = { field: 'customer.country', operator: 'eq' as const, value: 'BR' };
    const actions = [{ type: 'add_note', params: { body: 'from {{customer.country}}' } }];
    const rule = { name: 'New', trigger_event: trigger, conditions, actions, priority: 1, status: 'draft' };
    const before = (await world.records()).length;
    const answer = await ask('what-if', { ...event(trigger), rule });
    expect(answer).toMatchObject({ status: 200, body: { data: { brand: 'alpha', customer_id: 'c-1' } } });
    expect(rulesIn(answer).map(({ rule_id, verdict, order }) => [rule_id, verdict, order])).toEqual([
      ['new', 'runs', 1],
      [stored, 'runs', 2],
      [off, 'not_in_use', null],
    ]);
    expect(byId(answer, 'new')).toMatchObject({
      conditions: [{ seen: 'BR', wanted: 'BR', holds: true }],
      actions: [{ type: 'add_note', params: { body: 'from BR' } }],
    });
    expect(await world.records()).toHaveLength(before);
  });

  it('looks at an event that has happened as its conditions saw it then', async () => {
    const trigger = uniqueName('trigger');
    const country = { field: 'customer.country', operator: 'eq' as const, value: 'PT' };
    const rule = await world.rule({ trigger_event: trigger, conditions: country });
    await world.rulesLive(ingress);
    const event_id = await happens(trigger);
    const actions = [{ type: 'add_note', params: { body: '{{customer.country}}' } }];
    const draft = { name: 'New', trigger_event: trigger, conditions: atLeast(500), actions };
    const answer = await ask('what-if', { event_id, rule: draft });
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { event: { id: event_id, trigger }, brand: 'alpha', customer_id: 'c-1' } },
    });
    expect(byId(answer, rule)).toMatchObject({ verdict: 'no_match', conditions: [{ seen: 'BR' }] });
    expect(byId(answer, 'new')).toMatchObject({ verdict: 'runs', actions: [{ params: { body: 'BR' } }] });
    expect(answer.body.data!['notes']).toContainEqual(
      expect.objectContaining({ code: 'as_recorded', params: { at: expect.any(String) } }),
    );
    const elsewhere = await ask('what-if', { event_id }, { brands: ['beta'] });
    const nowhere = await ask('what-if', { event_id: 'none' }, { brands: ['beta'] });
    expect(elsewhere).toMatchObject({ status: 404, body: { error: { code: 'event_not_kept' } } });
    expect(elsewhere.body).toEqual(nowhere.body);
  });

  it.each([{}, { event_id: 'e', event: {} }])('refuses %j: it takes one event', async (body) => {
    expect(await ask('what-if', body)).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_body', details: [{ path: 'event' }] } },
    });
  });

  it('says that nothing runs for an event of the trading platform whose account is not known', async () => {
    const record = { order: 1, login: 9_999_001, cmd: 'OP_BALANCE_OUT', volume: 0, symbol: '', amount_usd: 9000 };
    const withdrawal = {
      id: uniqueName('evt'),
      occurredAt: '2026-01-31T12:00:00.000Z',
      event: 'EV_RECORD_ADD',
      record,
    };
    const actions = [{ type: 'add_note', params: { body: 'x' } }];
    const rule = { name: 'New', trigger_event: 'withdrawal.created', actions };
    const unknown = await ask('what-if', { topic: 'trade.push', event: withdrawal, rule });
    expect(unknown).toMatchObject({ status: 200, body: { data: { brand: null, starts_nothing: true } } });
    const codes = ({ body }: typeof unknown) => (body.data!['notes'] as { code: string }[]).map(({ code }) => code);
    expect(codes(unknown)).toEqual(['guards_not_asked', 'directory_as_now', 'starts_nothing']);
    const trigger = uniqueName('trigger');
    const crm = await ask('what-if', event(trigger, { brand: undefined, customerId: undefined }));
    expect(crm.body.data).toMatchObject({ brand: null, starts_nothing: false });
    expect(codes(crm)).toEqual(['guards_not_asked', 'directory_as_now', 'no_brand']);
  });

  it('says why a rule of another trigger or brand has no part in it', async () => {
    const trigger = uniqueName('trigger');
    const rule = { name: 'New', actions: [{ type: 'add_note', params: { body: 'x' } }] };
    const notes = async (more: object) =>
      (await ask('what-if', { ...event(trigger), rule: { ...rule, ...more } })).body.data!['notes'];
    expect(await notes({ trigger_event: 'other' })).toContainEqual({
      code: 'other_trigger',
      message: `Your rule is for other, the event is ${trigger}: it does not run.`,
      params: { rule: 'other', event: trigger },
    });
    expect(await notes({ trigger_event: trigger, brand: 'beta' })).toContainEqual(
      expect.objectContaining({ code: 'other_brand', params: { rule: 'beta', event: 'alpha' } }),
    );
  });

  it('shows a session for one brand nothing of the customers and accounts of another', async () => {
    const trigger = uniqueName('trigger');
    const conditions = { field: 'customer.country', operator: 'is_not_null' as const };
    const rule = await world.rule({ trigger_event: trigger, conditions });
    const alpha = { brands: ['alpha'] };
    const own = await ask('what-if', event(trigger), alpha);
    expect(byId(own, rule)?.conditions[0]?.seen).toBe('BR');
    const plain = await ask('what-if', event(trigger, { customerId: 'c-plain' }), alpha);
    expect(byId(plain, rule)?.conditions[0]?.seen).toBe('IT');
    for (const customerId of ['c-beta', 'c-plain-beta']) {
      const others = await ask('what-if', event(trigger, { customerId }), alpha);
      expect(byId(others, rule)?.conditions[0]?.seen).toBeNull();
    }
    const byLogin = await ask(
      'what-if',
      event(trigger, { brand: undefined, customerId: undefined, login: 9001 }),
      alpha,
    );
    const unknown = await ask(
      'what-if',
      event(trigger, { brand: undefined, customerId: undefined, login: 9002 }),
      alpha,
    );
    expect(byLogin.body.data).toMatchObject({ brand: null });
    expect(rulesIn(byLogin)).toEqual(rulesIn(unknown));
    expect(await ask('what-if', event(trigger, { brand: 'beta' }), alpha)).toMatchObject({ status: 403 });
  });

  it('refuses what is no event, and says what would be one', async () => {
    const cases: [object, string][] = [
      [{}, 'event'],
      [{ event: [] }, 'event'],
      [{ event: {} }, 'event'],
      [{ event: { type: 1 } }, 'event'],
      [{ event: { type: 'a', data: {} }, topic: 'b' }, 'topic'],
      [{ event: { type: 'a', data: {} }, rule: { name: 'x' } }, 'actions'],
    ];
    for (const [body, path] of cases) {
      const answer = await ask('what-if', body);
      expect(answer.status).toBe(422);
      expect(answer.body.error?.details?.map((one) => one.path)).toContain(path);
    }
  });
});
