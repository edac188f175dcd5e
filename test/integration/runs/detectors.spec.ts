/** The detectors on real servers: what they find starts a run once, however often they look and wherever they die. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from 'mongoose';
import { toDay, overdueTrigger } from '#libs/domain/events/customer-activity.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Task } from '#libs/domain/crm/task.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { hasConsumedUntil } from '#libs/kafka/consumer-lag.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { CrmPublisher } from '#libs/lifecycle/crm-publisher.ts';
import { createActivityLog, createActivityReader } from '#libs/store/events/customer-activity.repository.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { detectInactiveActivity } from '#temporal/activities/scheduled/detect-inactive.activity.ts';
import { schedules } from '#temporal/contract/names.ts';
import { IngressWorld, until } from '../../support/ingress.ts';
import { readTopic } from '../../support/read-topic.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore } from '../../support/store.ts';
import { startTestWorker } from '../../support/worker.ts';

let world: IngressWorld;
let store: Connection;
let producer: BatchingProducer;
let crm: CrmPublisher;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  world = await IngressWorld.create();
  store = await connectStore(world.config.store.uri);
  producer = createBatchingProducer(world.kafka);
  crm = new CrmPublisher(producer, topicName(world.config.kafka, topics.crm));
  await world.ready(await world.startIngress());
  stopWorker = await startTestWorker(world, { INACTIVITY_MIN_DAYS: '3' });
});

afterAll(async () => {
  await stopWorker();
  await producer.stop();
  await store.close();
  await world.close();
});

/** Starts the detector as its schedule does. @returns what it reports */
async function look(workflow: (typeof schedules)[number]['workflow']): Promise<{ published: number }> {
  const { idOf } = schedules.find((schedule) => schedule.workflow === workflow)!;
  const handle = world.temporal.schedule.getHandle(idOf(world.config.temporal.taskQueue));
  const latest = async () => {
    const { info } = await handle.describe();
    const action = info.recentActions.at(-1)?.action;
    return info.runningActions.length === 0 && action?.type === 'startWorkflow' ? action.workflow : null;
  };
  const before = await latest();
  await handle.trigger();
  let started = before;
  await until('the detector has been started', async () => {
    started = await latest();
    return started !== null && started.firstExecutionRunId !== before?.firstExecutionRunId;
  });
  const { workflowId, firstExecutionRunId } = started!;
  const result: unknown = await world.temporal.workflow.getHandle(workflowId, firstExecutionRunId).result();
  return result as { published: number };
}

const runsOf = async (ruleId: string) => (await world.records()).filter(({ rule_id }) => rule_id === ruleId);

async function ruleFor(trigger_event: string): Promise<string> {
  const id = await world.rule({ trigger_event, actions: [{ type: 'add_note', params: { body: 'told' } }] });
  // Long enough for every ingress: it looks for changes each 200 ms, and an event of the rule shows that it has.
  const probe = uniqueName('probe');
  await until('the rule is live', async () => {
    const event = { id: uniqueName(probe), type: trigger_event, brand: 'alpha', customerId: 'c-probe', data: {} };
    await world.publish(topics.crm, { value: event });
    await world.drained();
    return (await runsOf(id)).length > 0;
  });
  return id;
}

const found = async (ruleId: string) =>
  (await runsOf(ruleId)).filter(({ customer_id }) => customer_id !== 'c-probe').map(({ event_id }) => event_id);

describe('task.overdue', () => {
  it('R-139 starts a run once for each task, also when the detector died before it could note that', async () => {
    const rule = await ruleFor(overdueTrigger);
    const tasks = createTaskStore(store);
    const task = (id: string, due_at: string | null): Task => ({
      id,
      tenant: 'alpha',
      run_id: 'r:e',
      rule_id: 'r',
      rule_name: 'r',
      event_id: 'e',
      customer_id: 'c-1',
      login: null,
      created_at: '2026-01-01T00:00:00.000Z',
      type: 'call',
      title: 'Call',
      status: 'open',
      assignee_id: null,
      due_at,
      done_at: null,
    });
    for (const [id, due] of [
      ['past', '2026-01-02T00:00:00.000Z'],
      ['done', '2026-01-02T00:00:00.000Z'],
      ['future', '2999-01-01T00:00:00.000Z'],
      ['never', null],
    ] as const) {
      await tasks.add(task(id, due));
    }
    await tasks.close('done', '2026-01-01T12:00:00.000Z');
    await look('detectOverdueTasks');
    const topic = topicName(world.config.kafka, topics.crm);
    await readTopic(world.config.kafka.brokers, topic, 'c-1', 1);
    await expect.poll(() => found(rule), { timeout: 30_000 }).toEqual(['task.overdue:past']);
    expect(await look('detectOverdueTasks')).toEqual({ published: 0 });

    await store.collection<{ _id: string }>('tasks').updateOne({ _id: 'past' }, { $unset: { overdue_at: '' } });
    await look('detectOverdueTasks');
    const twice = await readTopic(world.config.kafka.brokers, topic, 'c-1', 2);
    expect(new Set(twice.map(({ value }) => value)).size).toBe(1);
    await world.drained();
    expect(await found(rule)).toEqual(['task.overdue:past']);
  });
});

describe('the log of activity', () => {
  it('keeps the latest day of each customer when no rule asks, and is looked through once a day', async () => {
    const own = await openTestStore();
    const log = createActivityLog(own.connection);
    const reader = createActivityReader(own.connection);
    const days = ['2026-03-01', '2026-03-02', '2026-03-09'];
    const record = (...customers: string[]) =>
      log.record(customers.flatMap((customerId) => days.map((day) => ({ customerId, day }))));
    await record('a', 'b', 'c');
    const published: unknown[] = [];
    let isAsked = false;
    const detect = detectInactiveActivity({
      activity: reader,
      crm: { publish: (events) => Promise.resolve(void published.push(...events)) },
      isAskedFor: () => Promise.resolve(isAsked),
      isHeardUntil: () => Promise.resolve(true),
      minDays: 1,
      resumeFrom: () => undefined,
      heartbeat: () => undefined,
      now: () => new Date('2026-03-11T00:10:00.000Z'),
      pageSize: 4,
    });
    const kept = async () => (await reader.page(null, 100)).map(({ lastDay, outdated }) => [lastDay, outdated.length]);
    expect(await detect()).toEqual({ published: 0 });
    expect(await kept()).toEqual(Array(3).fill(['2026-03-09', 0]));
    await record('d');
    await detect();
    expect(await kept()).toContainEqual(['2026-03-09', 2]);
    expect(published).toEqual([]);
    // A rule that comes later on the same day is told of the silent all the same.
    isAsked = true;
    expect(await detect()).toEqual({ published: 4 });
    expect(await kept()).toEqual(Array(4).fill(['2026-03-09', 0]));
    await own.drop();
  });
});

describe('customer.inactive_days', () => {
  it('R-140 R-142 starts a run once for each silent customer and day, also after a crash in the middle', async () => {
    const rule = await ruleFor('customer.inactive_days');
    const today = toDay(new Date().toISOString());
    const daysAgo = (days: number): string => toDay(new Date(Date.parse(today) - days * 86_400_000).toISOString());
    const reader = createActivityReader(store);
    const silent = Array.from({ length: 9 }, (_, n) => `c-silent-${n}`);
    await createActivityLog(store).record([
      ...silent.flatMap((customerId, n) => [30, 20, 5 + n].map((days) => ({ customerId, day: daysAgo(days) }))),
      { customerId: 'c-awake', day: daysAgo(30) },
      { customerId: 'c-lately', day: daysAgo(3) },
    ]);
    // Heard of by an event no rule is for.
    await world.publish(topics.trade, { value: { event: 'EV_RECORD_ADD', record: { login: 77, cmd: 'OP_BUY' } } });
    await world.publish(topics.crm, {
      value: { id: uniqueName('e'), type: 'nobody.cares', customerId: 'c-awake', data: {} },
    });
    await world.drained();

    let pages = 0;
    const dying = detectInactiveActivity({
      activity: reader,
      crm: {
        publish: async (events) => {
          await crm.publish(events);
          if ((pages += 1) === 3) throw new Error('killed');
        },
      },
      isAskedFor: () => Promise.resolve(true),
      isHeardUntil: () => Promise.resolve(true),
      minDays: 3,
      resumeFrom: () => undefined,
      heartbeat: () => undefined,
      now: () => new Date(),
      pageSize: 5,
    });
    await expect(dying()).rejects.toThrow('killed');

    expect(await look('detectInactiveCustomers')).toEqual({ published: silent.length });
    const expected = silent.map((customerId) => `customer.inactive_days:${customerId}:${today}`).sort();
    await expect.poll(async () => (await found(rule)).sort(), { timeout: 30_000 }).toEqual(expected);
    expect(await look('detectInactiveCustomers')).toEqual({ published: 0 });
    await world.drained();
    expect((await found(rule)).sort()).toEqual(expected);

    const [run] = (await runsOf(rule)).filter(({ customer_id }) => customer_id === 'c-silent-3');
    const handle = world.temporal.workflow.getHandle(run!.run_id);
    const { events } = await handle.fetchHistory();
    const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).toMatchObject({
      context: { event: { inactive_days: 7, last_active: daysAgo(8) } },
    });
    // Days that say nothing any more are gone.
    const kept = await store.collection('customer_activity').countDocuments({ customer_id: { $in: silent } });
    expect(kept).toBe(silent.length);
  });

  it('waits for an ingress that is behind: customers only seem silent until it has read everything', async () => {
    const before = Date.now();
    await world.publish(topics.crm, { value: { id: uniqueName('e'), type: 'nobody.cares', data: {} } });
    await world.drained();
    const topic = topicName(world.config.kafka, topics.crm);
    const isHeard = (group: string, time: number) =>
      withAdmin(world.kafka, (admin) => hasConsumedUntil(admin, group, [topic], time));
    expect(await isHeard(world.config.kafka.groupId, Date.now() + 60_000)).toBe(true);
    expect(await isHeard(world.newGroup(), before + 60_000)).toBe(false);
    // Nothing was published before that.
    expect(await isHeard(world.newGroup(), 1000)).toBe(true);
  });
});
