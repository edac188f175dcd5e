/** What runs have left at customers and managers, as a session may see and change it. */
import type { CustomerRecordsQuery, NotificationsQuery, TasksQuery } from '#libs/contracts/crm-query.schema.ts';
import type { CrmDesk } from '#libs/crm/crm-desk.ts';
import { goesBy } from '#libs/domain/access/person-names.ts';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { AssignmentRepository } from '#libs/store/crm/assignment.repository.ts';
import type { NoteRepository } from '#libs/store/crm/note.repository.ts';
import type { NotificationRepository } from '#libs/store/crm/notification.repository.ts';
import type { TaskRepository } from '#libs/store/crm/task.repository.ts';
import { maySee, narrowed } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import { ApiError } from '../http/api.error.ts';
import type { AssignmentView, NoteView, NotificationView, TaskView } from './crm.schema.ts';
import { assignmentView, notificationView, noteView, taskView } from './record.view.ts';

export interface CrmPorts {
  tasks: Pick<TaskRepository, 'find' | 'page'>;
  notes: Pick<NoteRepository, 'page'>;
  notifications: Pick<NotificationRepository, 'find' | 'page'>;
  assignments: Pick<AssignmentRepository, 'page'>;
  names: PersonNames;
  desk: CrmDesk;
}

interface PageOf<View> {
  items: View[];
  next_cursor: string | null;
}

export class CrmService {
  readonly #ports: CrmPorts;

  constructor(ports: CrmPorts) {
    this.#ports = ports;
  }

  async tasks(session: Session, query: TasksQuery): Promise<PageOf<TaskView>> {
    const { customer_id, manager_id, state } = query;
    const filter = {
      ...toFilter(session, query.brand, customer_id),
      ...(manager_id !== undefined && { assigneeId: manager_id }),
      ...(state !== undefined && { state }),
    };
    const { items, nextCursor } = await this.#ports.tasks.page(filter, toPage(query));
    const isOwn = await this.#ownership(session);
    return { items: items.map((task) => taskView(task, isOwn(task.assignee_id))), next_cursor: nextCursor };
  }

  async notifications(session: Session, query: NotificationsQuery): Promise<PageOf<NotificationView>> {
    const { customer_id, manager_id, unread } = query;
    const filter = {
      ...toFilter(session, query.brand, customer_id),
      ...(manager_id !== undefined && { managerId: manager_id }),
      isUnread: unread,
    };
    const { items, nextCursor } = await this.#ports.notifications.page(filter, toPage(query));
    const isOwn = await this.#ownership(session);
    return { items: items.map((one) => notificationView(one, isOwn(one.manager_id))), next_cursor: nextCursor };
  }

  async notes(session: Session, query: CustomerRecordsQuery): Promise<PageOf<NoteView>> {
    const filter = { ...toFilter(session, query.brand), customerId: query.customer_id };
    const { items, nextCursor } = await this.#ports.notes.page(filter, toPage(query));
    return { items: items.map(noteView), next_cursor: nextCursor };
  }

  async assignments(session: Session, query: CustomerRecordsQuery): Promise<PageOf<AssignmentView>> {
    const filter = { ...toFilter(session, query.brand), customerId: query.customer_id };
    const { items, nextCursor } = await this.#ports.assignments.page(filter, toPage(query));
    return { items: items.map(assignmentView), next_cursor: nextCursor };
  }

  /** @throws ApiError 404 `task_not_found`, 403 `access_denied` */
  async closeTask(session: Session, id: string): Promise<TaskView> {
    const task = await this.#ports.tasks.find(id);
    if (task === null || !maySee(session, task.tenant)) {
      throw new ApiError(404, 'task_not_found', 'There is no such task.');
    }
    await this.#refuseOthers(session, task.assignee_id);
    return taskView(await this.#ports.desk.closeTask(id, session.userId), true);
  }

  /** @throws ApiError 404 `notification_not_found`, 403 `access_denied` */
  async readNotification(session: Session, id: string): Promise<NotificationView> {
    const notification = await this.#ports.notifications.find(id);
    if (notification === null || !maySee(session, notification.tenant)) {
      throw new ApiError(404, 'notification_not_found', 'There is no such notification.');
    }
    await this.#refuseOthers(session, notification.manager_id);
    return notificationView(await this.#ports.desk.readNotification(id, session.userId), true);
  }

  async #refuseOthers(session: Session, managerId: number | null): Promise<void> {
    if ((await this.#ownership(session))(managerId)) return;
    throw new ApiError(403, 'access_denied', 'Only the manager whose it is, or SESSION_ADMIN, may do this.');
  }

  /** @returns whether what is a manager's may be changed by the session */
  async #ownership(session: Session): Promise<(managerId: number | null) => boolean> {
    if (session.role === 'SESSION_ADMIN') return () => true;
    const { userId } = session;
    const names = await this.#ports.names.namesOf(userId);
    return (managerId) => managerId !== null && goesBy({ userId, names }, String(managerId));
  }
}

function toFilter(session: Session, brand: string | undefined, customerId?: string) {
  const { brands } = narrowed(session, brand);
  return { ...(brands !== null && { brands }), ...(customerId !== undefined && { customerId }) };
}

function toPage({ cursor, limit }: { cursor?: string | undefined; limit: number }) {
  return { limit, ...(cursor !== undefined && { cursor }) };
}
