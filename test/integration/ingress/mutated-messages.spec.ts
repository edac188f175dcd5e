/** Ordinary events run exactly once, whatever stands between them; whatever stands between them is accounted for. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RuleDefinition } from '#libs/domain/rules/rule.ts';
import { createPostponedEvents } from '#libs/store/events/postponed-event.repository.ts';
import { IngressWorld, until } from '../../support/ingress.ts';
import { accountOfAll } from '../../support/mutated/accounts.ts';
import { publishRaw } from '../../support/mutated/publish.ts';
import { Random } from '../../support/mutated/random.ts';
import { MutatedStream, ordinaryLogins, ordinaryPrefix, type OrdinaryEvent } from '../../support/mutated/stream.ts';
import type { RawMessage } from '../../support/mutated/draft.ts';

/** A failure is had again by its seed, which the title names. */
const seed = Number(process.env['MUTATION_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const count = Number(process.env['MUTATION_COUNT'] ?? 2000);
const ordinaryShare = 0.25;

/** Rules without a condition: one for each kind of event. */
const triggers = [
  'customer.deposited',
  'customer.registered',
  'deposit.created',
  'withdrawal.created',
  'trade.opened',
  'trade.closed',
  'account:added',
  'account:updated',
  'account:deleted',
];
/** What some of the messages come to. */
const ends = [
  'ran',
  'waits',
  'has no brand',
  'matched nothing',
  'no rule is for it',
  'sent to the dead letters: event_id_conflict',
  'sent to the dead letters: invalid_event',
  'sent to the dead letters: not_json',
  'sent to the dead letters: too_deep',
  'sent to the dead letters: too_large',
];
const errorLevel = 50;
/** Lines that tell of an issue; that a server does not answer at the moment is none. */
const issue = /cannot be|is up and fails/;

/** Texts with whatever events carry. */
const actions: RuleDefinition['actions'] = [
  { type: 'notify.manager', params: { message: '{{event.note}} {{customer.email}} {{event.order.lines}} {{brand}}' } },
  {
    type: 'webhook.send',
    params: {
      url: 'https://example.com/{{customer.id}}?note={{event.note}}',
      headers: { 'X-Note': '{{event.note}}' },
      body: '{"note":"{{event.note}}","amount":{{event.amount}}}',
    },
  },
];
const conditions: RuleDefinition['conditions'] = {
  match: 'any',
  rules: [
    { field: 'event.amount', operator: 'gte', value: 500 },
    { field: 'event.note', operator: 'regex', value: '^other \\d+$' },
    { field: 'event.note', operator: 'contains', value: 'x'.repeat(50) },
    { field: 'customer.risk_level', operator: 'between', value: [10, 20] },
    { field: 'event.country', operator: 'in', value: ['DE', 'FR'] },
    { field: 'account.leverage', operator: 'gt', value: 1000 },
  ],
};

let world: IngressWorld;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({
    groups: [
      { name: 'north-usd', brand: 'north' },
      { name: 'south-eur', brand: 'south' },
      { name: 'without-brand', brand: null },
    ],
    accounts: ordinaryLogins.map((login) => ({ login, group: 'north-usd' })),
  });
});
afterAll(() => world.close());

it(`runs every ordinary event once and accounts for every other message (MUTATION_SEED=${seed})`, async () => {
  const rules = new Map<string, string>();
  for (const trigger_event of triggers) rules.set(trigger_event, await world.rule({ trigger_event, actions }));
  const large = await world.rule({ trigger_event: 'customer.deposited', brand: 'north', conditions, actions });
  await world.rule({ trigger_event: 'customer.status_changed', conditions, actions });
  const ingress = await world.startIngress({ ACCOUNT_WAIT_CRM_MS: '1000', INGRESS_RETRY_MS: '10000' });
  await world.rulesLive(ingress);

  const random = new Random(seed);
  const stream = new MutatedStream(random, ingress.config.events);
  const ordinary: OrdinaryEvent[] = [];
  const messages: RawMessage[] = [];
  const takeOrdinary = (): void => {
    const event = stream.ordinary();
    ordinary.push(event);
    messages.push(event.message);
  };
  takeOrdinary();
  for (let made = 0; made < count; made += 1) {
    messages.push(stream.mutated());
    if (random.happens(ordinaryShare)) takeOrdinary();
  }
  await publishRaw(world.config.kafka.topicPrefix, messages, random);
  await world.drained();
  // On a busy machine matching may take so long that events are matched apart.
  const postponed = createPostponedEvents(world.store);
  await until('no event is postponed', async () => (await postponed.count()) === 0);

  const account = await accountOfAll(world, ingress, new Set([...triggers, 'customer.status_changed']));
  expect(account.complaints).toEqual([]);
  expect(Object.keys(account.ends)).toEqual(expect.arrayContaining(ends));
  const expected = ordinary.flatMap(({ id, trigger, amount }) => {
    const isLarge = trigger === 'customer.deposited' && amount >= 500;
    return [`${rules.get(trigger)} ${id}`, ...(isLarge ? [`${large} ${id}`] : [])];
  });
  const records = await world.records();
  const ran = records.filter(({ event_id }) => event_id.startsWith(ordinaryPrefix));
  expect(ran.map(({ rule_id, event_id }) => `${rule_id} ${event_id}`).sort()).toEqual(expected.sort());
  expect(records.filter(({ status }) => status !== 'claimed')).toEqual([]);
  // Events that waited may start runs in between.
  await until('Temporal has every run', async () => (await runsInTemporal()) === (await world.records()).length);
  expect(ingress.logs.filter(({ level, msg }) => level >= errorLevel && issue.test(msg))).toEqual([]);
  await world.ready(ingress);
});

async function runsInTemporal(): Promise<number> {
  const found = new Set<string>();
  const query = `TaskQueue = "${world.config.temporal.taskQueue}"`;
  for await (const { workflowId } of world.temporal.workflow.list({ query })) found.add(workflowId);
  return found.size;
}
