/** `re_enroll` and `limit` of rules: exact with several ingresses, partitions, deliveries and after interruptions. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { IngressWorld, type RunningIngress } from '../../support/ingress.ts';
import { crmRunId } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;

beforeAll(async () => {
  world = await IngressWorld.create();
  const managers = [
    { id: 1, name: 'Ana', enabled: true, brands: ['alpha'] },
    { id: 2, name: 'Bo', enabled: true },
    { id: 3, name: 'Cy', enabled: true, brands: ['beta'] },
    { id: 4, name: 'Di', enabled: false },
  ];
  await world.directory.load({ managers });
});
beforeEach(async () => void (ingress = await world.startIngress({ KAFKA_GROUP_ID: world.newGroup() })));
afterEach(() => world.reset());
afterAll(() => world.close());

const trigger = 'customer.deposited';
const ids = (count: number) => Array.from({ length: count }, () => uniqueName('evt'));
/** Without a key messages go to any partition. */
const event = (id: string, more: object = {}) => ({
  value: { id, type: trigger, brand: 'alpha', customerId: 'c-1', data: {}, ...more },
});
const drained = (at = ingress) => world.drained(at.config.kafka.groupId);

async function recordsOf(rule: string): Promise<RunRecord[]> {
  return (await world.records()).filter(({ rule_id }) => rule_id === rule);
}

async function statuses(rule: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of await recordsOf(rule)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** What the ingress shows in Prometheus of runs that a guard kept back, by the guard. */
async function denied(rule: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${ingress.url}/metrics`)).text();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('signalbox_runs_denied_total{') && line.includes(rule));
  return Object.fromEntries(
    lines.map((line) => [/reason="([^"]*)"/.exec(line)?.[1], Number(line.split(' ').at(-1))] as const),
  );
}

const isStarted = (id: string): Promise<boolean> =>
  world.temporal.workflow
    .getHandle(id)
    .describe()
    .then(
      () => true,
      () => false,
    );

/** As if the process had died before it inserted the record. */
const loseRecord = (run: string) => world.store.collection<{ _id: string }>('runs').deleteOne({ _id: run });

describe('re_enroll', () => {
  it('"once" runs once for each customer, with two ingresses, all partitions and every event twice', async () => {
    const rule = await world.rule({ trigger_event: trigger, re_enroll: 'once' });
    const second = await world.startIngress({ KAFKA_GROUP_ID: ingress.config.kafka.groupId });
    await Promise.all([world.rulesLive(ingress), world.rulesLive(second), world.ready(second)]);
    const events = ids(120).map((id, index) => ({ key: id, ...event(id, { customerId: `c-${index % 12}` }) }));
    await world.publish(topics.crm, ...events, ...events.toReversed());
    await drained();
    expect(await statuses(rule)).toEqual({ claimed: 12, skipped: 108 });
    const records = await recordsOf(rule);
    const ran = records.filter(({ status }) => status === 'claimed');
    expect(new Set(ran.map(({ customer_id }) => customer_id)).size).toBe(12);
    for (const { customer_id, reason, guard } of records.filter(({ status }) => status === 'skipped')) {
      const earlier = ran.find((run) => run.customer_id === customer_id)?.run_id;
      expect({ reason, guard }).toMatchObject({ reason: 're_enroll', guard: { earlier_run: earlier } });
      expect(guard?.note).toContain(earlier);
      expect(guard).toMatchObject({ code: 'ran_once', params: { at: expect.stringMatching(/^\d{4}-/) } });
    }
    expect(await isStarted(ran[0]!.run_id)).toBe(true);
    expect(await isStarted(records.find(({ status }) => status === 'skipped')!.run_id)).toBe(false);
  });

  it('a length of time counts from event to event, whenever they arrive', async () => {
    const rule = await world.rule({ trigger_event: trigger, re_enroll: { value: 1, unit: 'days' } });
    await world.rulesLive(ingress);
    const at = async (occurredAt: string): Promise<string | undefined> => {
      const [id = ''] = ids(1);
      await world.publish(topics.crm, event(id, { occurredAt }));
      await drained();
      return (await recordsOf(rule)).find(({ event_id }) => event_id === id)?.status;
    };
    expect(await at('2026-05-10T12:00:00Z')).toBe('claimed');
    expect(await at('2026-05-11T11:59:59Z')).toBe('skipped');
    expect(await at('2026-05-11T12:00:00Z')).toBe('claimed');
    expect(await at('2026-05-09T13:00:00Z')).toBe('skipped');
    expect(await at('2026-05-09T12:00:00Z')).toBe('claimed');
    expect(await denied(rule)).toEqual({ re_enroll: 2 });
    const { guard } = (await recordsOf(rule)).find(({ status }) => status === 'skipped')!;
    expect(guard).toMatchObject({ code: 'ran_lately', params: { per: { value: 1, unit: 'days' } } });
  });

  it('without a customer counts for each login, and without either for each brand', async () => {
    const rule = await world.rule({ trigger_event: trigger, re_enroll: 'once' });
    await world.rulesLive(ingress);
    const subjects = [{ login: 1 }, { login: 2 }, { login: 1 }, {}, {}, { brand: 'beta' }];
    const events = ids(subjects.length);
    await world.publish(
      topics.crm,
      ...subjects.map((more, index) => ({ key: 'k', ...event(events[index]!, { customerId: undefined, ...more }) })),
    );
    await drained();
    const records = await recordsOf(rule);
    const found = events.map((id) => records.find(({ event_id }) => event_id === id)?.status);
    expect(found).toEqual(['claimed', 'claimed', 'skipped', 'claimed', 'skipped', 'claimed']);
  });

  it('an interrupted event gets its turn when it is delivered again, also after the rule has changed', async () => {
    const rule = await world.rule({ trigger_event: trigger, re_enroll: 'once' });
    await world.rulesLive(ingress);
    const [first = '', second = ''] = ids(2);
    await world.publish(topics.crm, event(first));
    await drained();
    await loseRecord(crmRunId(rule, first));
    await world.publish(topics.crm, event(second));
    await drained();
    await world.rules.archive(rule, 'test');
    await world.rulesLive(ingress);
    // Another rule keeps the trigger alive.
    await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    await world.publish(topics.crm, event(first), event(second));
    await drained();
    const found = new Map((await recordsOf(rule)).map(({ event_id, status }) => [event_id, status]));
    expect(found).toEqual(
      new Map([
        [second, 'skipped'],
        [first, 'claimed'],
      ]),
    );
  });

  it('a rule it holds back has matched: its stop_after holds', async () => {
    const stopper = await world.rule({ trigger_event: trigger, re_enroll: 'once', stop_after: true, priority: 1 });
    const behind = await world.rule({ trigger_event: trigger, re_enroll: 'once', priority: 2 });
    await world.rulesLive(ingress);
    await world.publish(topics.crm, ...ids(2).map((id) => event(id)));
    await drained();
    expect(await statuses(stopper)).toEqual({ claimed: 1, skipped: 1 });
    const reasons = (await recordsOf(behind)).map(({ reason }) => reason);
    expect(reasons).toEqual(['stop_after', 'stop_after']);
  });

  it('rules without guards ask and write nothing', async () => {
    const before = await world.store.collection('re_enrollments').countDocuments();
    const counts = await world.store.collection('run_quotas').countDocuments();
    await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    const [id = ''] = ids(1);
    await world.publish(topics.crm, event(id));
    await drained();
    expect(await world.store.collection('re_enrollments').countDocuments()).toBe(before);
    expect(await world.store.collection('run_quotas').countDocuments()).toBe(counts);
    const decision = await world.store
      .collection<{ event_id: string; body: string }>('decisions')
      .findOne({ event_id: id });
    expect(decision?.body).not.toContain('guards');
  });
});

describe('limit', () => {
  const limit = (count: number) => ({ count, per: { value: 365, unit: 'days' }, on_exceed: 'hold' }) as const;

  it('holds what is beyond it, exactly, with two ingresses and every event twice; managers are told once', async () => {
    const rule = await world.rule({ trigger_event: trigger, limit: limit(25) });
    const second = await world.startIngress({
      KAFKA_GROUP_ID: ingress.config.kafka.groupId,
      INGRESS_CHUNK_SIZE: '7',
    });
    await Promise.all([world.rulesLive(ingress), world.rulesLive(second), world.ready(second)]);
    const events = ids(100).map((id) => ({ key: id, ...event(id) }));
    await world.publish(topics.crm, ...events, ...events);
    await drained();
    expect(await statuses(rule)).toEqual({ claimed: 25, held: 75 });
    const held = (await recordsOf(rule)).filter(({ status }) => status === 'held');
    expect(held[0]).toMatchObject({ reason: 'limit', finished_at: null, guard: { resolved_by: null } });
    expect(held[0]?.guard?.note).toContain('25 runs in 365 days');
    expect(held[0]?.guard).toMatchObject({
      code: 'over_limit',
      params: { count: 25, per: { value: 365, unit: 'days' } },
    });
    expect(held[0]).not.toHaveProperty('input');
    expect(await isStarted(held[0]!.run_id)).toBe(false);
    const told = (await createNotificationStore(world.store).list()).filter(({ rule_id }) => rule_id === rule);
    expect(told.map(({ manager_id }) => manager_id).sort((a, b) => a - b)).toEqual([1, 2]);
    expect(told[0]?.message).toContain('over its limit of 25 runs in 365 days');
    const warnings = [ingress, second].flatMap(({ logs }) => logs.filter(({ msg }) => msg.includes('over its limit')));
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.length).toBeLessThanOrEqual(2);
    const metrics = await Promise.all([ingress, second].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    expect(metrics.join('\n')).toMatch(/signalbox_limit_breaches_total\{[^}]*\} 1/);
  });

  it('gives an interrupted event the answer it had, and counts it once', async () => {
    const rule = await world.rule({ trigger_event: trigger, limit: limit(2) });
    await world.rulesLive(ingress);
    const [first = '', second = '', third = ''] = ids(3);
    const key = 'one partition';
    await world.publish(topics.crm, { key, ...event(first) }, { key, ...event(second) }, { key, ...event(third) });
    await drained();
    for (const id of [first, third]) await loseRecord(crmRunId(rule, id));
    await world.publish(topics.crm, { key, ...event(third) }, { key, ...event(first) }, { key, ...event(second) });
    await drained();
    const found = new Map((await recordsOf(rule)).map(({ event_id, status }) => [event_id, status]));
    expect(Object.fromEntries(found)).toEqual({ [first]: 'claimed', [second]: 'claimed', [third]: 'held' });
  });

  it('counts no run again whose record says what became of it, also when its name is forgotten', async () => {
    const rule = await world.rule({ trigger_event: trigger, limit: limit(100) });
    await world.rulesLive(ingress);
    const events = ids(4).map((id) => event(id));
    await world.publish(topics.crm, ...events);
    await drained();
    const counts = world.store.collection<{ _id: string }>('run_quotas');
    const { _id } = (await counts.findOne({ rule_id: rule }))!;
    await counts.updateOne({ _id }, { $set: { counted: [] } });
    await world.publish(topics.crm, ...events);
    await drained();
    expect(await counts.findOne({ _id })).toMatchObject({ count: 4, counted: [] });
  });

  it('neither counts nor starts anything when a topic is replayed without its marks', async () => {
    const rule = await world.rule({ trigger_event: trigger, limit: limit(3), re_enroll: 'once' });
    await world.rulesLive(ingress);
    await world.publish(topics.crm, ...ids(6).map((id, index) => event(id, { customerId: `c-${index % 5}` })));
    await drained();
    const before = await recordsOf(rule);
    expect(await statuses(rule)).toEqual({ claimed: 3, held: 2, skipped: 1 });
    await world.store.collection('partition_watermarks').deleteMany({});
    const replaying = await world.startIngress({ KAFKA_GROUP_ID: world.newGroup() });
    await world.rulesLive(replaying);
    await drained(replaying);
    expect(await recordsOf(rule)).toEqual(before);
    const [count] = await world.store.collection('run_quotas').find({ rule_id: rule }).toArray();
    expect(count).toMatchObject({ count: 3 });
  });
});
