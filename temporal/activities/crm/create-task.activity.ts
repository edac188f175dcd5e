/** `create_task`: something to do about the linked customer, due a while after the task was made. */
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { Task, TaskStore } from '#libs/domain/crm/task.ts';
import type { CreateTaskInput } from '#temporal/contract/activities.ts';
import type { EffectResult } from './publish-changes.ts';
import { effectRecord } from './action-record.ts';
import { knownCustomer } from './require-customer.ts';
import { managerOfCustomer, namedManager } from './resolve-manager.ts';

export interface CreateTaskPorts {
  directory: Pick<DirectoryActions, 'customer' | 'manager'>;
  tasks: TaskStore;
}

/** A repeated attempt finds the task as the first one made it: it stays due when it was, for whom it was. */
export function createTaskActivity({ directory, tasks }: CreateTaskPorts) {
  return async (input: CreateTaskInput): Promise<EffectResult> => {
    const task = (await tasks.find(input.key)) ?? (await tasks.add(await newTask(input, directory)));
    const assignee = task.assignee_id === null ? 'no manager yet' : `manager ${task.assignee_id}`;
    const due = task.due_at === null ? '' : `, due ${task.due_at}`;
    const detail = `customer ${task.customer_id}: task ${task.type} for ${assignee}${due}`;
    const { id, type, title, due_at, assignee_id, created_at } = task;
    const data = { task_id: id, type, title, due_at, assignee_id };
    const params = { customer: task.customer_id, task: type, manager: assignee_id, due: due_at };
    const report = { code: 'task_created', params } as const;
    return { detail, report, emits: [{ type: 'task.created', data, at: created_at }] };
  };
}

async function newTask(input: CreateTaskInput, directory: CreateTaskPorts['directory']): Promise<Task> {
  const customer = await knownCustomer(directory, input);
  const assignee =
    (await namedManager(directory, input.assigneeId, input.tenant)) ??
    (await managerOfCustomer(directory, customer, input.tenant));
  const record = effectRecord(input);
  const dueAt = input.dueInMs === null ? null : new Date(Date.parse(record.created_at) + input.dueInMs).toISOString();
  return {
    ...record,
    customer_id: customer.id,
    type: input.type,
    title: input.title ?? input.ruleName,
    status: 'open',
    assignee_id: assignee?.id ?? null,
    due_at: dueAt,
    done_at: null,
  };
}
