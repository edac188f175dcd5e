/** `tasks`: what people are to do about customers. */
import { Schema, type Connection } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { OverdueTasks, Task, TaskStatus, TaskStore } from '#libs/domain/crm/task.ts';
import {
  actionRecordFields,
  buildRecordsQuery,
  createActionRecords,
  toRecord,
  type RecordFilter,
} from './action-records.ts';
import type { Page, PageRequest } from '../mongo/keyset-page.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { nullable, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

export interface TaskFilter {
  customerId?: string;
  assigneeId?: number;
  /** Open ones only. */
  open?: boolean;
  /** 50 when left out. */
  limit?: number;
}

export interface TaskPageFilter extends RecordFilter {
  assigneeId?: number;
  state?: TaskStatus;
}

export interface TaskRepository extends TaskStore, OverdueTasks {
  /** Newest first. */
  list(filter?: TaskFilter): Promise<Task[]>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  page(filter: TaskPageFilter, page?: PageRequest): Promise<Page<Task>>;
  /** One that is done stays as it was. @returns the task. @throws PermanentError `task_not_found` */
  close(id: string, at: string, by?: string): Promise<Task>;
}

const schema = Schema.create(
  {
    ...actionRecordFields,
    customer_id: required(String),
    type: required(String),
    title: required(String),
    status: required<TaskStatus>(String),
    assignee_id: nullable(Number),
    due_at: nullable(String),
    done_at: nullable(String),
    done_by: optional(String),
    overdue_at: optional(String),
  },
  schemaOptions,
);
schema.index({ customer_id: 1, created_at: -1, _id: -1 });
schema.index({ assignee_id: 1, created_at: -1, _id: -1 });
schema.index({ assignee_id: 1, status: 1, created_at: -1, _id: -1 });
schema.index({ status: 1, created_at: -1, _id: -1 });
schema.index({ tenant: 1, created_at: -1, _id: -1 });
schema.index({ created_at: -1, _id: -1 });
// Which tasks are overdue and have not been told to be.
schema.index({ status: 1, overdue_at: 1, due_at: 1 });

export const taskModel = defineModel('tasks', schema);

export function createTaskStore(connection: Connection): TaskRepository {
  const model = taskModel(connection);
  const tasks = createActionRecords(model);

  return guarded<TaskRepository>({
    find: (id) => tasks.find(id),
    add: (task) => tasks.add(task),

    list: ({ customerId, assigneeId, open = false, limit } = {}) =>
      tasks.newest(
        {
          ...(customerId !== undefined && { customer_id: storeText(customerId) }),
          ...(assigneeId !== undefined && { assignee_id: assigneeId }),
          ...(open && { status: 'open' }),
        },
        limit,
      ),

    page: (filter, page) => tasks.page(buildTasksQuery(filter), page),

    async overdue(at, limit) {
      const found = await model
        .find({ status: 'open', due_at: { $lte: at }, overdue_at: { $exists: false } })
        .limit(limit)
        .lean();
      return found.map(toRecord);
    },

    async markOverdue(ids, at) {
      await mapLimited(ids, (id) => model.updateOne({ _id: storeText(id) }, { $set: { overdue_at: at } }));
    },

    async close(id, at, by) {
      const done = await model
        .findOneAndUpdate(
          { _id: storeText(id), status: 'open' },
          { $set: { status: 'done', done_at: at, ...(by !== undefined && { done_by: storeText(by) }) } },
          { returnDocument: 'after' },
        )
        .lean();
      const task = done === null ? await tasks.find(id) : toRecord(done);
      if (task === null) throw new PermanentError('task_not_found', `There is no task "${id}".`);
      return task;
    },
  });
}

export function buildTasksQuery({ assigneeId, state, ...filter }: TaskPageFilter) {
  return {
    ...buildRecordsQuery(filter),
    ...(assigneeId !== undefined && { assignee_id: assigneeId }),
    ...(state !== undefined && { status: state }),
  };
}
