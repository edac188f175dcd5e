/** What runs have left at customers and managers, and who those are. */
import { Module } from '@nestjs/common';
import { CrmDesk } from '#libs/crm/crm-desk.ts';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { AssignmentRepository } from '#libs/store/crm/assignment.repository.ts';
import type { NoteRepository } from '#libs/store/crm/note.repository.ts';
import type { NotificationRepository } from '#libs/store/crm/notification.repository.ts';
import type { TaskRepository } from '#libs/store/crm/task.repository.ts';
import type { Directory } from '#libs/store/directory/directory.ts';
import { tokens } from '../tokens.ts';
import { AssignmentsController, NotesController, NotificationsController, TasksController } from './crm.controllers.ts';
import { CrmService } from './crm.service.ts';
import { CustomersController, ManagersController } from './customers.controller.ts';
import { CustomersService } from './customers.service.ts';

@Module({
  controllers: [
    CustomersController,
    ManagersController,
    TasksController,
    NotesController,
    NotificationsController,
    AssignmentsController,
  ],
  providers: [
    {
      provide: CustomersService,
      inject: [tokens.directory, tokens.personNames],
      useFactory: (directory: Directory, names: PersonNames) => new CustomersService({ directory, names }),
    },
    {
      provide: CrmService,
      inject: [
        tokens.tasks,
        tokens.notes,
        tokens.notifications,
        tokens.assignments,
        tokens.personNames,
        tokens.audited,
      ],
      useFactory: (
        tasks: TaskRepository,
        notes: NoteRepository,
        notifications: NotificationRepository,
        assignments: AssignmentRepository,
        names: PersonNames,
        audited: Audited,
      ) => {
        const desk = new CrmDesk({ tasks, notifications, audited });
        return new CrmService({ tasks, notes, notifications, assignments, names, desk });
      },
    },
  ],
})
export class CrmModule {}
