/** `tasks`: what people are to do about customers. */
import { Schema, type Connection, type Model } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { OverdueTasks, Task, TaskStore } from '#libs/domain/crm/task.ts';
import { createActionRecords, actionRecordFields, toRecord, type ActionRecordDocument } from './action-records.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { collectionFor, buildModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

export interface TaskFilter {
  customerId?: string;
  assigneeId?: number;
  /** Only those nobody has done yet. */
  open?: boolean;
  /** 50 when left out. */
  limit?: number;
}

export interface TaskRepository extends TaskStore, OverdueTasks {
  /** Newest first. */
  list(filter?: TaskFilter): Promise<Task[]>;
  /** One that is done stays as it was. @returns the task. @throws PermanentError `task_not_found` */
  close(id: string, at: string): Promise<Task>;
}

type TaskDocument = ActionRecordDocument<Task>;

const schema = new Schema<TaskDocument>(
  {
    ...actionRecordFields,
    type: { type: String },
    title: String,
    status: String,
    assignee_id: Number,
    due_at: String,
    done_at: String,
    overdue_at: String,
  },
  schemaOptions,
);
schema.index({ customer_id: 1, created_at: -1, _id: -1 });
schema.index({ assignee_id: 1, created_at: -1, _id: -1 });
schema.index({ created_at: -1, _id: -1 });
// Which tasks are overdue and have not been told to be.
schema.index({ status: 1, overdue_at: 1, due_at: 1 });

export function taskModel(connection: Connection): Model<TaskDocument> {
  return buildModel(connection, 'tasks', schema);
}

export function createTaskStore(connection: Connection): TaskRepository {
  const tasks = createActionRecords<Task>(taskModel(connection));
  const collection = collectionFor(taskModel(connection));

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

    async overdue(at, limit) {
      const found = await collection
        .find({ status: 'open', due_at: { $lte: at }, overdue_at: { $exists: false } })
        .limit(limit)
        .toArray();
      return found.map((document) => toRecord<Task>(document));
    },

    async markOverdue(ids, at) {
      await mapLimited(ids, (id) => collection.updateOne({ _id: storeText(id) }, { $set: { overdue_at: at } }));
    },

    async close(id, at) {
      const done = await collection.findOneAndUpdate(
        { _id: storeText(id), status: 'open' },
        { $set: { status: 'done', done_at: at } },
        { returnDocument: 'after' },
      );
      const task = done === null ? await tasks.find(id) : toRecord<Task>(done);
      if (task === null) throw new PermanentError('task_not_found', `There is no task "${id}".`);
      return task;
    },
  });
}
