/** Tasks, notes and counters: what actions leave behind, each once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CounterAddition } from '#libs/domain/crm/manager-counter.ts';
import type { Note } from '#libs/domain/crm/note.ts';
import type { Task } from '#libs/domain/crm/task.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createCounterStore } from '#libs/store/crm/manager-counter.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
});
afterAll(() => store.drop());

function record(id: string, customerId: string) {
  return {
    id,
    tenant: 'alpha',
    run_id: 'rule-1:event-1',
    rule_id: 'rule-1',
    rule_name: 'Rule 1',
    event_id: 'event-1',
    customer_id: customerId,
    login: null,
    created_at: '2026-01-02T03:04:05.000Z',
  };
}

function task(given: Partial<Task> = {}): Task {
  return {
    ...record(uniqueName('task'), uniqueName('customer')),
    type: 'call',
    title: 'Call back',
    status: 'open',
    assignee_id: 7,
    due_at: '2026-01-04T03:04:05.000Z',
    done_at: null,
    ...given,
  };
}

describe('tasks', () => {
  it('R-171 are added once: a repeated attempt finds the task of the first, due when it was', async () => {
    const tasks = createTaskStore(store.connection);
    const first = task();
    expect(await tasks.add(first)).toEqual(first);
    const again = { ...first, due_at: '2026-01-09T00:00:00.000Z', assignee_id: 8 };
    expect(await tasks.add(again)).toEqual(first);
    expect(await tasks.find(first.id)).toEqual(first);
    expect(await tasks.list({ customerId: first.customer_id })).toEqual([first]);
  });

  it('are listed newest first, by customer, assignee and whether they are open', async () => {
    const tasks = createTaskStore(store.connection);
    const [old, recent] = [
      task({ assignee_id: 71 }),
      task({ assignee_id: 71, created_at: '2026-02-01T00:00:00.000Z' }),
    ];
    for (const one of [old, recent]) await tasks.add(one);
    expect(await tasks.list({ assigneeId: 71 })).toEqual([recent, old]);
    expect(await tasks.list({ assigneeId: 71, limit: 1 })).toEqual([recent]);
    await tasks.close(recent.id, '2026-02-02T00:00:00.000Z');
    expect(await tasks.list({ assigneeId: 71, open: true })).toEqual([old]);
  });

  it('are closed once, and stay closed when their action is attempted again', async () => {
    const tasks = createTaskStore(store.connection);
    const open = await tasks.add(task());
    const done = { ...open, status: 'done', done_at: '2026-01-03T00:00:00.000Z' };
    expect(await tasks.close(open.id, '2026-01-03T00:00:00.000Z')).toEqual(done);
    expect(await tasks.close(open.id, '2026-01-05T00:00:00.000Z')).toEqual(done);
    expect(await tasks.add(open)).toEqual(done);
    await expect(tasks.close('none', '2026-01-05T00:00:00.000Z')).rejects.toMatchObject({ code: 'task_not_found' });
  });
});

describe('notes', () => {
  it('R-172 are added once and are listed for their customer, newest first', async () => {
    const notes = createNoteStore(store.connection);
    const customer = uniqueName('customer');
    const note = (body: string, created_at: string): Note => ({
      ...record(uniqueName('note'), customer),
      body,
      created_at,
    });
    const [first, second] = [note('one', '2026-01-01T00:00:00.000Z'), note('two', '2026-01-02T00:00:00.000Z')];
    await notes.add(first);
    await notes.add(second);
    expect(await notes.add({ ...first, body: 'another attempt' })).toEqual(first);
    await notes.add({ ...first, id: uniqueName('note'), customer_id: uniqueName('customer') });
    expect(await notes.list(customer)).toEqual([second, first]);
    expect(await notes.list(customer, 1)).toEqual([second]);
  });
});

describe('counters of managers', () => {
  it('R-173 count each key once, however many attempts race', async () => {
    const counters = createCounterStore(store.connection);
    const addition = (key: string, given: Partial<CounterAddition> = {}): CounterAddition => ({
      ...record(key, 'C-1'),
      manager_id: 501,
      counter: 'deposits',
      by: 2,
      ...given,
    });
    const keys = Array.from({ length: 50 }, () => uniqueName('key'));
    await Promise.all([...keys, ...keys].map((key) => counters.add(addition(key))));
    await counters.add(addition(keys[0]!, { manager_id: 502 }));
    await counters.add(addition(uniqueName('key'), { counter: 'calls', by: 1 }));
    await counters.add(addition(uniqueName('key'), { manager_id: 503 }));
    expect(await counters.totals({ managerId: 501 })).toEqual([
      { manager_id: 501, counter: 'calls', total: 1 },
      { manager_id: 501, counter: 'deposits', total: 100 },
    ]);
    expect((await counters.totals()).map(({ manager_id }) => manager_id)).toEqual([501, 501, 503]);
  });
});
