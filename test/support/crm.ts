/** What runs leave at customers and managers, with every field filled in, for tests that care about one or two of them. */
import type { Assignment } from '#libs/domain/crm/assignment.ts';
import type { Note } from '#libs/domain/crm/note.ts';
import type { Notification } from '#libs/domain/crm/notification.ts';
import type { Task } from '#libs/domain/crm/task.ts';

const record = {
  tenant: 'alpha',
  run_id: 'rule-1:event-1',
  rule_id: 'rule-1',
  rule_name: 'Rule 1',
  event_id: 'event-1',
  customer_id: 'c-1',
  login: null,
  created_at: '2026-01-02T03:04:05.000Z',
};

export function taskRecord(given: Partial<Task> = {}): Task {
  const what = { type: 'call', title: 'Call back', status: 'open', assignee_id: 7 } as const;
  return { id: 'task-1', ...record, ...what, due_at: '2026-01-04T03:04:05.000Z', done_at: null, ...given };
}

export function noteRecord(given: Partial<Note> = {}): Note {
  return { id: 'note-1', ...record, body: 'Deposited for the first time.', ...given };
}

export function notificationRecord(given: Partial<Notification> = {}): Notification {
  const what = { manager_id: 7, title: 'High risk trade', message: 'Look at this.' };
  return { id: 'notification-1', ...record, ...what, ...given };
}

export function assignmentRecord(given: Partial<Assignment> = {}): Assignment {
  return { id: 'assignment-1', ...record, manager_id: 7, team_id: 'sales', desk: null, ...given };
}
