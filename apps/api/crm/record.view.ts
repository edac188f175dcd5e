/** Tasks, notes, notifications and assignments as callers see them. */
import type { ActionRecord } from '#libs/domain/crm/action-record.ts';
import type { Assignment } from '#libs/domain/crm/assignment.ts';
import type { Note } from '#libs/domain/crm/note.ts';
import type { Notification } from '#libs/domain/crm/notification.ts';
import type { Task } from '#libs/domain/crm/task.ts';
import type { AssignmentView, NoteView, NotificationView, TaskView } from './crm.schema.ts';

function recordView({ tenant, run_id, rule_id, rule_name, event_id, login, created_at }: ActionRecord) {
  return { brand: tenant, run_id, rule_id, rule_name, event_id, login, created_at };
}

export function taskView(task: Task, may_close: boolean): TaskView {
  const { id, customer_id, type, title, status, assignee_id, due_at, done_at, done_by = null } = task;
  const about = { customer_id, type, title, state: status, manager_id: assignee_id };
  return { task_id: id, ...recordView(task), ...about, due_at, done_at, done_by, may_close };
}

export function noteView(note: Note): NoteView {
  const { id, customer_id, body } = note;
  return { note_id: id, ...recordView(note), customer_id, body };
}

export function notificationView(notification: Notification, may_read: boolean): NotificationView {
  const { id, customer_id, manager_id, title, message, state, read_at = null, read_by = null } = notification;
  const told = { customer_id, manager_id, title, message };
  return {
    notification_id: id,
    ...recordView(notification),
    ...told,
    unread: state === 'unread',
    read_at,
    read_by,
    may_read,
  };
}

/** Every assignment is about a customer: an action assigns no one else. */
export function assignmentView(assignment: Assignment): AssignmentView {
  const { id, customer_id, manager_id, team_id, desk } = assignment;
  return {
    assignment_id: id,
    ...recordView(assignment),
    customer_id: customer_id ?? '',
    manager_id,
    team_id,
    desk,
  };
}
