import { describe, expect, it } from 'vitest';
import type { Manager } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { ActionRecord, ActionRecordStore } from '#libs/domain/crm/action-record.ts';
import type { CounterAddition } from '#libs/domain/crm/manager-counter.ts';
import type { Note } from '#libs/domain/crm/note.ts';
import type { Task } from '#libs/domain/crm/task.ts';
import type { ActionTarget } from '#temporal/contract/activities.ts';
import { addNoteActivity } from './add-note.activity.ts';
import { createTaskActivity } from './create-task.activity.ts';
import { incrementCounterActivity } from './increment-counter.activity.ts';

const subject: ActionTarget = {
  key: 'r-1:e-1/action-0',
  executionId: 'r-1:e-1',
  tenant: 'acme',
  ruleId: 'r-1',
  ruleName: 'Big deposit',
  eventId: 'e-1',
  customerId: 'c-1',
  login: 1001,
};
const unlinked = { ...subject, customerId: null };
const task = { ...subject, type: 'call', title: null, dueInMs: null, assigneeId: null };
const count = { ...subject, counter: 'deposits', by: 1, managerId: null };

function inMemory<R extends ActionRecord>() {
  const records = new Map<string, R>();
  const store: ActionRecordStore<R> = {
    find: (id) => Promise.resolve(records.get(id) ?? null),
    add: (record) => {
      if (!records.has(record.id)) records.set(record.id, record);
      return Promise.resolve(records.get(record.id)!);
    },
  };
  return { store, all: () => [...records.values()] };
}

function setUp(customer: Partial<Customer> | null = { assigned_manager_id: 2, manager_id: 3 }) {
  const managers = new Map<number, Manager>(
    [1, 2, 3].map((id) => [id, { id, name: `Manager ${id}`, enabled: true }] as const),
  );
  const directory = {
    customer: (id: string) => Promise.resolve(customer && { id, ...customer }),
    manager: (id: number) => Promise.resolve(managers.get(id) ?? null),
  };
  const [tasks, notes, counters] = [inMemory<Task>(), inMemory<Note>(), inMemory<CounterAddition>()];
  return {
    managers,
    tasks,
    notes,
    counters,
    createTask: createTaskActivity({ directory, tasks: tasks.store }),
    addNote: addNoteActivity({ directory, notes: notes.store }),
    increment: incrementCounterActivity({ directory, counters: counters.store }),
  };
}

describe('create_task', () => {
  it('R-171 leaves a task that says where it comes from, due a while after it was made', async () => {
    const { createTask, tasks } = setUp();
    await createTask({ ...task, type: 'follow_up', dueInMs: 60_000 });
    const [made] = tasks.all();
    expect(made).toMatchObject({
      id: subject.key,
      type: 'follow_up',
      title: 'Big deposit',
      status: 'open',
      assignee_id: 2,
      customer_id: 'c-1',
      tenant: 'acme',
      run_id: 'r-1:e-1',
      rule_id: 'r-1',
      done_at: null,
    });
    expect(Date.parse(made!.due_at!) - Date.parse(made!.created_at)).toBe(60_000);
  });

  it('R-171 repeated, tells of the task as it was made, whatever became of its manager', async () => {
    const { createTask, tasks, managers } = setUp();
    const first = await createTask({ ...task, assigneeId: 1, dueInMs: 60_000 });
    managers.clear();
    expect(await createTask({ ...task, assigneeId: 1, dueInMs: 60_000 })).toEqual(first);
    expect(tasks.all()).toHaveLength(1);
  });

  it("passes over managers who are not enabled, to the customer's other manager or to none", async () => {
    const { createTask, tasks, managers } = setUp();
    managers.set(2, { id: 2, name: 'Bo', enabled: false });
    await createTask({ ...task, key: 'a' });
    managers.delete(3);
    expect(await createTask({ ...task, key: 'b' })).toMatchObject({
      detail: 'customer c-1: task call for no manager yet',
    });
    expect(tasks.all().map(({ assignee_id }) => assignee_id)).toEqual([3, null]);
  });

  it('fails for good without its customer or the manager it names', async () => {
    const { createTask, tasks, managers } = setUp();
    managers.set(1, { id: 1, name: 'Ada', enabled: false });
    await expect(createTask({ ...task, customerId: null })).rejects.toMatchObject({ code: 'customer_not_linked' });
    await expect(createTask({ ...task, assigneeId: 1 })).rejects.toMatchObject({ code: 'manager_not_found' });
    const unknown = setUp(null).createTask(task);
    await expect(unknown).rejects.toMatchObject({ code: 'customer_not_found', retryable: false });
    expect(tasks.all()).toEqual([]);
  });
});

describe('add_note', () => {
  it('R-172 leaves one note for its key', async () => {
    const { addNote, notes } = setUp();
    await addNote({ ...subject, body: 'Called, no answer' });
    await addNote({ ...subject, body: 'Called, no answer' });
    expect(notes.all()).toMatchObject([{ id: subject.key, customer_id: 'c-1', body: 'Called, no answer' }]);
  });

  it('fails for good without its customer', async () => {
    const { addNote } = setUp();
    await expect(addNote({ ...unlinked, body: 'x' })).rejects.toMatchObject({ code: 'customer_not_linked' });
    await expect(setUp(null).addNote({ ...subject, body: 'x' })).rejects.toMatchObject({ code: 'customer_not_found' });
  });
});

describe('increment_manager_counter', () => {
  it("R-173 adds to the named manager's counter, or to that of the customer's manager", async () => {
    const { increment, counters } = setUp();
    await increment({ ...count, customerId: null, managerId: 1, by: 5, key: 'a' });
    await increment({ ...count, managerId: 0, key: 'b' });
    expect(counters.all()).toMatchObject([
      { manager_id: 1, counter: 'deposits', by: 5 },
      { manager_id: 2, counter: 'deposits', by: 1 },
    ]);
  });

  it('R-173 repeated, counts for no other manager: the customer may have another manager by then', async () => {
    const { increment, counters, managers } = setUp();
    const first = await increment(count);
    managers.delete(2);
    expect(await increment(count)).toEqual(first);
    expect(counters.all()).toMatchObject([{ manager_id: 2 }]);
  });

  it('fails for good when there is no manager to count for, saying what to mend', async () => {
    const counting = setUp({}).increment(count);
    await expect(counting).rejects.toMatchObject({
      code: 'manager_not_found',
      retryable: false,
      message: 'Customer c-1 has no enabled manager: assign one, or name one in params.manager_id',
    });
    await expect(setUp().increment({ ...count, managerId: 9 })).rejects.toThrow(
      /Manager 9 is unknown, not enabled or does not work for brand "acme": /,
    );
    await expect(setUp().increment({ ...count, customerId: null })).rejects.toMatchObject({
      code: 'customer_not_linked',
    });
  });
});
