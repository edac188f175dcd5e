import { Get, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  customerRecordsQuery,
  notificationsQuery,
  tasksQuery,
  type CustomerRecordsQuery,
  type NotificationsQuery,
  type TasksQuery,
} from '#libs/contracts/crm-query.schema.ts';
import type { Session } from '../auth/authenticate.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import {
  assignmentsAnswer,
  notesAnswer,
  notificationAnswer,
  notificationsAnswer,
  taskAnswer,
  tasksAnswer,
  type AssignmentView,
  type NoteView,
  type NotificationView,
  type TaskView,
} from './crm.schema.ts';
import { CrmService } from './crm.service.ts';

@ManagerController('tasks', 'CRM')
export class TasksController {
  constructor(private readonly crm: CrmService) {}

  @Operation({
    id: 'MngGetWorkflowTasks',
    summary: 'List tasks about customers, newest first',
    data: tasksAnswer,
  })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: tasksQuery }) query: TasksQuery,
  ): Promise<{ tasks: TaskView[]; next_cursor: string | null }> {
    const { items: tasks, next_cursor } = await this.crm.tasks(session, query);
    return { tasks, next_cursor };
  }

  @Operation({
    id: 'MngCloseWorkflowTask',
    summary: 'Mark a task as done; one that is done stays as it was. For the manager whose it is, and SESSION_ADMIN',
    data: taskAnswer,
    errors: ['task_not_found'],
  })
  @Post(':id/done')
  @UseInterceptors(EmptyBodyInterceptor)
  async close(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ task: TaskView }> {
    return { task: await this.crm.closeTask(session, id) };
  }
}

@ManagerController('notifications', 'CRM')
export class NotificationsController {
  constructor(private readonly crm: CrmService) {}

  @Operation({
    id: 'MngGetWorkflowNotifications',
    summary: 'List what managers were told, newest first: of a manager, of a customer, or of both',
    data: notificationsAnswer,
  })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: notificationsQuery }) query: NotificationsQuery,
  ): Promise<{ notifications: NotificationView[]; next_cursor: string | null }> {
    const { items: notifications, next_cursor } = await this.crm.notifications(session, query);
    return { notifications, next_cursor };
  }

  @Operation({
    id: 'MngReadWorkflowNotification',
    summary: 'Mark a notification as read; one that is read stays so. For the manager whose it is, and SESSION_ADMIN',
    data: notificationAnswer,
    errors: ['notification_not_found'],
  })
  @Post(':id/read')
  @UseInterceptors(EmptyBodyInterceptor)
  async read(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ notification: NotificationView }> {
    return { notification: await this.crm.readNotification(session, id) };
  }
}

@ManagerController('notes', 'CRM')
export class NotesController {
  constructor(private readonly crm: CrmService) {}

  @Operation({ id: 'MngGetWorkflowNotes', summary: "List a customer's notes, newest first", data: notesAnswer })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: customerRecordsQuery }) query: CustomerRecordsQuery,
  ): Promise<{ notes: NoteView[]; next_cursor: string | null }> {
    const { items: notes, next_cursor } = await this.crm.notes(session, query);
    return { notes, next_cursor };
  }
}

@ManagerController('assignments', 'CRM')
export class AssignmentsController {
  constructor(private readonly crm: CrmService) {}

  @Operation({
    id: 'MngGetWorkflowAssignments',
    summary: 'List to whom rules have given a customer, newest first',
    data: assignmentsAnswer,
  })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: customerRecordsQuery }) query: CustomerRecordsQuery,
  ): Promise<{ assignments: AssignmentView[]; next_cursor: string | null }> {
    const { items: assignments, next_cursor } = await this.crm.assignments(session, query);
    return { assignments, next_cursor };
  }
}
