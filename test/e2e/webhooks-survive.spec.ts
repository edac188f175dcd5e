/**
 * What a subscriber gets of 1,000 runs while it, the worker, the delivery process and Kafka are killed in turn: with the
 * compiled processes, real servers, and a subscriber in a process of its own.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import { EventReader, type EventPage } from '#libs/lifecycle/event-reader.ts';
import type { Position } from '#libs/lifecycle/position.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { sessionSecret, sessionToken } from '../support/api.ts';
import { Installation } from '../support/apps.ts';
import { IngressWorld, until, type Environment } from '../support/ingress.ts';
import { crmRunId } from '../support/runs.ts';
import { uniqueName } from '../support/servers.ts';
import { ReceiverProcess, type Arrival } from '../support/webhook-receiver.ts';

let installation: Installation;
let world: IngressWorld;
let receiver: ReceiverProcess;
let env: Environment;
beforeAll(async () => {
  installation = await Installation.create();
  world = await IngressWorld.create(installation.servers);
  receiver = await ReceiverProcess.create();
  env = { ...world.env, WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', SUBSCRIPTION_ALLOW_HTTP: 'true' };
  await Promise.all([
    installation.start('ingress', env),
    installation.start('worker', env),
    installation.start('delivery', env),
    installation.start('api', { ...env, SESSION_SECRET: sessionSecret }),
  ]);
});
afterAll(async () => {
  await receiver?.close();
  await world?.close();
  await installation?.close();
});

async function post(role: string, path: string, body: object): Promise<number> {
  const authorization = `Bearer ${await sessionToken(role)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const url = `${installation.url('api')}/api/workflow/${path}`;
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

/** A rule that tells a manager, and one that asks before it does. */
async function liveRules(): Promise<{ plain: Rule; asking: Rule }> {
  const notify = { type: 'notify.manager', params: {} };
  const ask = { type: 'approval.request', params: { title: 'Pay?', approvers: { roles: ['SESSION_DEALER'] } } };
  const [plain, asking] = [uniqueName('plain'), uniqueName('asking')];
  const rules = {
    plain: { type: plain, id: await world.rule({ trigger_event: plain, actions: [notify] }) },
    asking: { type: asking, id: await world.rule({ trigger_event: asking, actions: [ask, notify] }) },
  };
  await until('the rules are live', async () => (await installation.metric('ingress', 'signalbox_rules_loaded')) === 2);
  return rules;
}

interface Rule {
  id: string;
  type: string;
}

/** Starts as many runs. @returns their ids */
async function startRuns({ id: rule, type }: Rule, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uniqueName('evt'));
  await world.publish(topics.crm, ...ids.map((id) => ({ key: id, value: { id, type, brand: 'alpha', data: {} } })));
  return ids.map((id) => crmRunId(rule, id));
}

/** Says yes to each question, again and again until all these runs have been told. */
async function answerAll(count: number): Promise<void> {
  const approvals = createApprovals(world.store);
  const answered = async () => (await approvals.list({ state: 'approved' }, { limit: 100 })).items.length;
  await until(
    'every question is answered',
    async () => {
      const { items } = await approvals.list({ state: 'open' }, { limit: 100 });
      await Promise.all(
        items.map(({ token }) => post('SESSION_DEALER', `approvals/${token}`, { decision: 'approve' })),
      );
      return (await answered()) >= count;
    },
    300_000,
  );
}

async function allKept(): Promise<KeptEvent[]> {
  const reader = new EventReader(createLifecycleLog(world.store));
  const kept: KeptEvent[] = [];
  for (let position: Position | null = null; ;) {
    const page: EventPage | null = await reader.read(position, {}, 500);
    if (page === null) return kept;
    kept.push(...page.events.map(({ event }) => event));
    if (page.isAtEnd) return kept;
    position = page.next;
  }
}

/** Resolves when an event waits, which the receiver could not take. */
async function untilMissed(): Promise<void> {
  const subscriptions = await createSubscriptions(world.store).all();
  const pending = createPendingDeliveries(world.store);
  await until('an event waits', async () => {
    const pages = await Promise.all(subscriptions.map((one) => pending.list(one.subscription_id, { limit: 1 })));
    return pages.some(({ items }) => items.length > 0);
  });
}

const ended = ['0 WorkflowStarted', '1 WorkflowCompleted'];
const asked = ['0 WorkflowStarted', '1 WorkflowPaused', '2 WorkflowResumed', '3 WorkflowCompleted'];

/** What each run told, in this order. @param events as CloudEvents */
function byRun(events: readonly string[]): Map<string, string[]> {
  const runs = new Map<string, string[]>();
  for (const text of events) {
    const { type, data } = JSON.parse(text) as { type: string; data: { executionId: string; sequence: number } };
    const run = runs.get(data.executionId) ?? [];
    runs.set(data.executionId, [...run, `${data.sequence} ${type}`]);
  }
  return runs;
}

/** What is left for a subscriber that leaves out the ids it has had. */
function firstArrivals(arrivals: readonly Arrival[]): Arrival[] {
  const seen = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const first = seen.get(arrival.id);
    expect(arrival.body).toBe((first ?? arrival).body);
    if (first === undefined) seen.set(arrival.id, arrival);
  }
  return [...seen.values()];
}

it('R-349 each run has its events, in order, and a subscriber that knows the ids it has had gets just these', async () => {
  await world.directory.load({ managers: [{ id: 1, name: 'Ada', enabled: true }] });
  expect(await post('SESSION_ADMIN', 'subscriptions', { name: 'billing', url: receiver.url })).toBe(201);
  const { plain, asking } = await liveRules();
  const { kafka } = installation.stack.servers;
  const interruptions = [
    { kill: () => receiver.kill(), start: () => untilMissed().then(() => receiver.start()) },
    { kill: () => installation.kill('worker'), start: () => installation.start('worker', env) },
    { kill: () => installation.kill('delivery'), start: () => installation.start('delivery', env) },
    { kill: () => kafka.kill(), start: () => kafka.start() },
  ];
  const expected = new Map<string, string[]>();
  const interrupt = async (): Promise<void> => {
    for (const { kill, start } of interruptions) {
      const before = receiver.arrivals.length;
      for (const run of await startRuns(asking, 10)) expected.set(run, asked);
      for (const run of await startRuns(plain, 240)) expected.set(run, ended);
      await until('some of their events have come', () => receiver.arrivals.length >= before + 50);
      await kill();
      await start();
    }
  };
  await Promise.all([interrupt(), answerAll(40)]);

  const count = 40 * asked.length + 960 * ended.length;
  await until('every event has come', () => new Set(receiver.arrivals.map(({ id }) => id)).size >= count, 300_000);
  const taken = firstArrivals(receiver.arrivals);
  const kept = await allKept();
  expect(taken.map(({ id }) => id).sort()).toEqual(kept.map(({ eventId }) => eventId).sort());
  expect(kept).toHaveLength(count);
  expect(byRun(taken.map(({ body }) => body))).toEqual(expected);
  expect(byRun(kept.map(({ text }) => text))).toEqual(expected);
}, 600_000);
