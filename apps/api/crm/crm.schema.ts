/** What runs have left at customers and managers, as the API answers with it. */
import { z } from 'zod';
import { nextCursor, time } from '../openapi/shared.schema.ts';

const recordFields = {
  brand: z.string().nullable().meta({ description: 'Of the run; null = none' }),
  run_id: z.string(),
  rule_id: z.string(),
  rule_name: z.string(),
  event_id: z.string(),
  login: z.int().nullable(),
  created_at: time,
};
const mayChange = z
  .boolean()
  .meta({ description: 'Whether the caller may: the manager whose it is, or SESSION_ADMIN' });

export const taskSchema = z
  .object({
    task_id: z.string(),
    ...recordFields,
    customer_id: z.string(),
    type: z.string(),
    title: z.string(),
    state: z.enum(['open', 'done']),
    manager_id: z.int().nullable().meta({ description: 'Who is to do it; null = any manager' }),
    due_at: time.nullable(),
    done_at: time.nullable(),
    done_by: z.string().nullable().meta({ description: 'null: not known, or not done' }),
    may_close: mayChange,
  })
  .meta({ id: 'Task' });

export const noteSchema = z
  .object({ note_id: z.string(), ...recordFields, customer_id: z.string(), body: z.string() })
  .meta({ id: 'Note' });

export const notificationSchema = z
  .object({
    notification_id: z.string(),
    ...recordFields,
    customer_id: z.string().nullable(),
    manager_id: z.int(),
    title: z.string(),
    message: z.string(),
    unread: z.boolean(),
    read_at: time.nullable(),
    read_by: z.string().nullable(),
    may_read: mayChange,
  })
  .meta({ id: 'Notification' });

export const assignmentSchema = z
  .object({
    assignment_id: z.string(),
    ...recordFields,
    customer_id: z.string(),
    manager_id: z.int(),
    team_id: z.string().nullable(),
    desk: z.string().nullable(),
  })
  .meta({ id: 'Assignment' });

export const taskAnswer = z.object({ task: taskSchema });
export const tasksAnswer = z.object({ tasks: z.array(taskSchema), next_cursor: nextCursor });
export const notesAnswer = z.object({ notes: z.array(noteSchema), next_cursor: nextCursor });
export const notificationAnswer = z.object({ notification: notificationSchema });
export const notificationsAnswer = z.object({ notifications: z.array(notificationSchema), next_cursor: nextCursor });
export const assignmentsAnswer = z.object({ assignments: z.array(assignmentSchema), next_cursor: nextCursor });

export type TaskView = z.output<typeof taskSchema>;
export type NoteView = z.output<typeof noteSchema>;
export type NotificationView = z.output<typeof notificationSchema>;
export type AssignmentView = z.output<typeof assignmentSchema>;
