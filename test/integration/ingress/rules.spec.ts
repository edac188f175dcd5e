/** Which of the rules for an event run, and in what order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxCausationDepth, topics } from '#libs/domain/events/platform-event.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { IngressWorld, ruleDefinition, type RunningIngress } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({ customers: [{ id: 'c-1', country: 'BR' }] });
  ingress = await world.startIngress({ RULES_POLL_MS: '1000' });
});

afterAll(() => world.close());

/** Publishes an event of the trigger and returns the records of its runs. */
async function records(trigger: string, more: object = {}): Promise<RunRecord[]> {
  const id = uniqueName('evt');
  await world.publish(topics.crm, {
    value: { id, type: trigger, brand: 'alpha', customerId: 'c-1', data: {}, ...more },
  });
  await world.drained();
  return (await world.records()).filter(({ event_id }) => event_id === id);
}

async function startTime({ run_id }: RunRecord): Promise<number> {
  const { raw } = await world.temporal.workflow.getHandle(run_id).describe();
  const { seconds, nanos } = raw.workflowExecutionInfo?.startTime ?? {};
  return Number(seconds) * 1e9 + Number(nanos);
}

describe('the rules of an event', () => {
  it('R-114 R-117 R-118 R-122 all run, by priority, then age', async () => {
    const trigger = uniqueName('trigger');
    const late = await world.rule({ trigger_event: trigger, priority: 30 });
    const older = await world.rule({ trigger_event: trigger, priority: 20 });
    const younger = await world.rule({ trigger_event: trigger, priority: 20 });
    const early = await world.rule({ trigger_event: trigger, priority: 10 });
    await world.rulesLive(ingress);
    const runs = await records(trigger);
    const started = await Promise.all(runs.map(async (run) => ({ id: run.rule_id, at: await startTime(run) })));
    const order = started.sort((a, b) => a.at - b.at).map(({ id }) => id);
    expect(order).toEqual([early, older, younger, late]);
  });

  it('R-180 start with what their texts refer to, as it was when the event was decided on', async () => {
    const trigger = uniqueName('trigger');
    const body = '{"text":"{{event.note}}","country":"{{customer.country}}"}';
    const params = { url: 'https://example.com/{{event.note}}', body };
    await world.rule({ trigger_event: trigger, actions: [{ type: 'webhook.send', params }] });
    await world.rulesLive(ingress);
    const [run] = await records(trigger, { data: { note: 'a "b"/c' } });
    const handle = world.temporal.workflow.getHandle(run?.run_id ?? '');
    const { events } = await handle.fetchHistory();
    const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const { rule } = JSON.parse(Buffer.from(input?.data ?? []).toString()) as RunInput;
    expect(rule.actions).toEqual([
      {
        type: 'webhook.send',
        params: { url: 'https://example.com/a%20%22b%22%2Fc', body: '{"text":"a \\"b\\"/c","country":"BR"}' },
      },
    ]);
  });

  it('are noted and not run while a rule is in shadow, alone or beside others, and also once it is active', async () => {
    const [alone, beside] = [uniqueName('trigger'), uniqueName('trigger')];
    const lonely = await world.rule({ trigger_event: alone, status: 'shadow' });
    const shadow = await world.rule({ trigger_event: beside, status: 'shadow', priority: 1, stop_after: true });
    const live = await world.rule({ trigger_event: beside, priority: 2 });
    await world.rule({ trigger_event: beside, status: 'draft' });
    await world.rulesLive(ingress);
    const [noted] = await records(alone);
    expect(noted).toMatchObject({ rule_id: lonely, status: 'skipped', reason: 'shadow', customer_id: 'c-1' });
    const runs = await records(beside);
    expect(new Map(runs.map((run) => [run.rule_id, run.status]))).toEqual(
      new Map([
        [shadow, 'skipped'],
        [live, 'claimed'],
      ]),
    );
    await expect(world.temporal.workflow.getHandle(noted!.run_id).describe()).rejects.toThrow(/not found/i);
    // What was decided in shadow stays so, also when the event is delivered again.
    await world.rules.apply([{ id: lonely, definition: ruleDefinition({ trigger_event: alone }) }], 'test');
    await world.rulesLive(ingress);
    const again = await records(alone, { id: noted!.event_id });
    expect(again).toEqual([]);
    expect((await world.records()).find(({ rule_id }) => rule_id === lonely)).toEqual(noted);
  });

  it('R-119 R-120 R-121 behind one with stop_after are skipped, and the run log says by which', async () => {
    const trigger = uniqueName('trigger');
    const never = { field: 'event.no', operator: 'is_not_null' as const };
    const unmatched = await world.rule({ trigger_event: trigger, priority: 1, stop_after: true, conditions: never });
    const first = await world.rule({ trigger_event: trigger, priority: 10 });
    const stopper = await world.rule({ trigger_event: trigger, priority: 20, stop_after: true });
    const equal = await world.rule({ trigger_event: trigger, priority: 20 });
    const behind = await world.rule({ trigger_event: trigger, priority: 30 });
    await world.rulesLive(ingress);
    const runs = new Map((await records(trigger)).map((run) => [run.rule_id, run]));
    expect([...runs.keys()].sort()).toEqual([first, stopper, equal, behind].sort());
    expect(runs.has(unmatched)).toBe(false);
    expect(runs.get(equal)?.status).toBe('claimed');
    expect(runs.get(behind)).toMatchObject({ status: 'skipped', reason: 'stop_after', stopped_by: stopper });
    const handle = world.temporal.workflow.getHandle(runs.get(behind)?.run_id ?? '');
    await expect(handle.describe()).rejects.toThrow(/not found/);
  });

  it('R-032 R-115 run only if their conditions pass', async () => {
    const trigger = uniqueName('trigger');
    const brazil = { field: 'customer.country', operator: 'eq' as const, value: 'BR' };
    const rule = await world.rule({ trigger_event: trigger, conditions: brazil });
    await world.rule({ trigger_event: trigger, conditions: { ...brazil, value: 'DE' } });
    await world.rulesLive(ingress);
    expect((await records(trigger)).map(({ rule_id }) => rule_id)).toEqual([rule]);
    expect(await records(trigger, { customerId: 'c-2' })).toEqual([]);
  });

  it('R-028 R-029 run only while they are active', async () => {
    const trigger = uniqueName('trigger');
    const active = await world.rule({ trigger_event: trigger });
    await world.rule({ trigger_event: trigger, status: 'inactive' });
    const archived = await world.rule({ trigger_event: trigger });
    await world.rules.archive(archived, 'test');
    await world.rulesLive(ingress);
    expect((await records(trigger)).map(({ rule_id }) => rule_id)).toEqual([active]);
  });

  it('change for the events after the change, within two seconds', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    expect(await records(trigger)).toHaveLength(1);
    const since = performance.now();
    const definition = ruleDefinition({ trigger_event: trigger, status: 'inactive' });
    await world.rules.apply([{ id: rule, definition }], 'test');
    await world.rulesLive(ingress);
    expect(performance.now() - since).toBeLessThan(2000);
    expect(await records(trigger)).toEqual([]);
  });
});

it('an event at the end of a chain of rules starts nothing and is warned of with its chain', async () => {
  const trigger = uniqueName('trigger');
  await world.rule({ trigger_event: trigger });
  await world.rulesLive(ingress);
  const causation = Array.from({ length: maxCausationDepth }, (_, index) => `evt-${index}`);
  expect(await records(trigger, { causation: causation.slice(1) })).toHaveLength(1);
  expect(await records(trigger, { causation })).toEqual([]);
  expect(ingress.logs.filter(({ level }) => level === 40)).toEqual([expect.objectContaining({ causation, trigger })]);
});

it('a customer who registers is known to the conditions of that very event', async () => {
  const conditions = { field: 'customer.country', operator: 'eq' as const, value: 'PT' };
  const rule = await world.rule({ trigger_event: 'customer.registered', conditions });
  await world.rulesLive(ingress);
  const customerId = uniqueName('c');
  const runs = await records('customer.registered', { customerId, data: { country: 'PT', language: 'pt' } });
  expect(runs).toMatchObject([{ rule_id: rule, customer_id: customerId }]);
});

it('logs one line for an event that matched and none for one that did not', async () => {
  const trigger = uniqueName('trigger');
  const rule = await world.rule({ trigger_event: trigger, name: 'one line', brand: 'alpha' });
  await world.rulesLive(ingress);
  const [run] = await records(trigger);
  const [other] = [await records(trigger, { brand: 'beta' })];
  expect(other).toEqual([]);
  const lines = ingress.logs.filter((line) => line['trigger'] === trigger);
  expect(lines).toMatchObject([
    {
      msg: 'event matched',
      eventId: run?.event_id,
      brand: 'alpha',
      rules: [{ id: rule, name: 'one line' }],
      skipped: [],
    },
  ]);
});
