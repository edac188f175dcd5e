/** What people do about tasks and notifications, by the API and by the command line: on record before it is done. */
import type { AuditOperation, Audited } from '#libs/domain/access/audit-log.ts';
import type { ActionRecord } from '#libs/domain/crm/action-record.ts';
import type { Notification } from '#libs/domain/crm/notification.ts';
import type { Task } from '#libs/domain/crm/task.ts';

export interface CrmDeskPorts {
  tasks: {
    find(id: string): Promise<Task | null>;
    close(id: string, at: string, by: string): Promise<Task>;
  };
  notifications: {
    find(id: string): Promise<Notification | null>;
    markRead(id: string, at: string, by: string): Promise<Notification>;
  };
  audited: Audited;
}

export class CrmDesk {
  readonly #ports: CrmDeskPorts;

  constructor(ports: CrmDeskPorts) {
    this.#ports = ports;
  }

  /** One that is done stays as it was, and nothing is noted. @throws PermanentError `task_not_found` */
  async closeTask(id: string, by: string): Promise<Task> {
    const { tasks, audited } = this.#ports;
    const task = await tasks.find(id);
    if (task?.status === 'done') return task;
    return audited(buildNote('task.close', `task/${id}`, task, by), () =>
      tasks.close(id, new Date().toISOString(), by),
    );
  }

  /** One that is read stays as it was, and nothing is noted. @throws PermanentError `notification_not_found` */
  async readNotification(id: string, by: string): Promise<Notification> {
    const { notifications, audited } = this.#ports;
    const notification = await notifications.find(id);
    if (notification !== null && notification.state !== 'unread') return notification;
    return audited(buildNote('notification.read', `notification/${id}`, notification, by), () =>
      notifications.markRead(id, new Date().toISOString(), by),
    );
  }
}

/** Once for each person and record that is there: a task is closed once, however often it is clicked at the same time. */
function buildNote(operation: AuditOperation, target: string, record: ActionRecord | null, by: string) {
  const once = `${operation}:${target}:${by}`;
  return { operation, target, brand: record?.tenant ?? null, by, ...(record !== null && { once }) };
}
