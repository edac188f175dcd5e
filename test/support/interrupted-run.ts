/** A run whose worker was lost, and what is wrong about it when it has ended: nothing should be. */
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { topics } from '#libs/domain/events/platform-event.ts';
import { idempotencyKey, type RunInput } from '#libs/domain/runs/run.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import type { CallBatchProgress } from '#temporal/contract/activities.ts';
import type { ReadMessage } from './read-topic.ts';
import { conflicts, toPublished, typesOf, type RunWorld } from './run-world.ts';

export interface InterruptedRun {
  /** About a customer that no other run is about. */
  input: RunInput;
  /** Idempotency keys of the calls that came, in their order. */
  calls: string[];
  /** When its worker was lost, by `Date.now()`; null when it was not. */
  lostAt: number | null;
  /** Key of the call that the lost worker had begun last. */
  lastCall: string | null;
  /** Why it did not end as it should. */
  failure: string | null;
}

/** What a run leaves behind that nothing has interrupted. */
export interface Expected {
  /** Types of its lifecycle events, in their order. */
  events: string[];
  tasks: string[];
  notes: string[];
  notifications: number;
  status: string | null;
  /** Types of the events of what it changed. */
  changes: string[];
  inbox: string[];
}

/** Everything on the topics, read once for all runs. */
export interface Topics {
  lifecycle: ReadMessage[];
  crm: ReadMessage[];
}

export async function readTopics(world: RunWorld): Promise<Topics> {
  return { lifecycle: await world.read(topics.lifecycle), crm: await world.read(topics.crm) };
}

/** @returns a line for each thing that is not as it would be without the loss */
export async function faultsOf(
  world: RunWorld,
  run: InterruptedRun,
  expected: Expected,
  on: Topics,
): Promise<string[]> {
  const { input, failure } = run;
  const { executionId, customerId, rule } = input;
  const faults = failure === null ? [] : [failure];
  const same = (what: string, found: unknown, wanted: unknown): void => {
    const [is, shallBe] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (is !== shallBe) faults.push(`${what}: ${is} instead of ${shallBe}`);
  };

  const published = toPublished(on.lifecycle.filter(({ key }) => key === executionId));
  same('events that differ under one id', conflicts(published), []);
  same('events', typesOf(published), expected.events);
  const { completedAt, durationMs } = (JSON.parse(published.at(-1)?.text ?? '{}') as { data?: Completed }).data ?? {};
  const { status, finished_at, duration_ms, error, actions } = await world.record(input);
  same('record', [status, finished_at, duration_ms, error], ['completed', completedAt, durationMs, null]);
  const done = rule.actions.map(({ type }) => `${type} completed`);
  same(
    'actions',
    actions.map((action) => `${action.type} ${action.status}`),
    done,
  );

  const changes = on.crm.filter(({ key }) => key === customerId).map(({ value }) => value);
  const changed = [...new Set(changes)].map((value) => (JSON.parse(value) as { type: string }).type);
  same('changes', changed, expected.changes);
  const of = { customerId: customerId ?? '' };
  const told = await createNotificationStore(world.store).list({ limit: 100_000 });
  same('notifications', told.filter((one) => one.customer_id === customerId).length, expected.notifications);
  const tasks = await createTaskStore(world.store).list(of);
  same('tasks', tasks.map(({ title }) => title).sort(), expected.tasks);
  same(
    'notes',
    (await createNoteStore(world.store).list(of.customerId)).map(({ body }) => body),
    expected.notes,
  );
  const customer = await createDirectory(world.store).customer(of.customerId);
  same('status', customer?.sales_status ?? null, expected.status);
  const inbox = (await createApprovals(world.store).list({ runId: executionId })).items;
  same(
    'inbox',
    inbox.map(({ state, answers }) => [state, ...answers.map(({ by }) => by)].join(' ')),
    expected.inbox,
  );

  return [...faults, ...(await callFaults(world.temporal.client.workflow.getHandle(executionId), run))];
}

interface Completed {
  completedAt: string;
  durationMs: number;
}

/** Each came; only the one under way when the worker was lost may have come twice. */
async function callFaults(
  handle: WorkflowHandle,
  { input, calls, lostAt, lastCall }: InterruptedRun,
): Promise<string[]> {
  const doneBefore = lostAt === null ? [] : await callsDoneBefore(handle, lostAt);
  const keys = new Map<string, number>();
  for (const [index, { type }] of input.rule.actions.entries()) {
    if (!type.startsWith('webhook')) continue;
    const key = idempotencyKey(input.executionId, index);
    keys.set(key, key === lastCall && !doneBefore.includes(index) ? 2 : 1);
  }
  const faults = calls.filter((key) => !keys.has(key)).map((key) => `a call came under ${key}`);
  for (const [key, most] of keys) {
    const count = calls.filter((one) => one === key).length;
    if (count < 1 || count > most) faults.push(`call ${key} came ${count} times, and may 1 to ${most} times`);
  }
  return faults;
}

/** Indexes of the calls that Temporal knew to be done at that time. */
async function callsDoneBefore(handle: WorkflowHandle, time: number): Promise<number[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ eventTime, activityTaskCompletedEventAttributes: completed }) => {
    const at = Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
    const result = completed?.result?.payloads?.[0];
    if (result === undefined || at >= time) return [];
    const { outcomes = [] } = defaultPayloadConverter.fromPayload<Partial<CallBatchProgress> | null>(result) ?? {};
    return outcomes.map(({ index }) => index);
  });
}
