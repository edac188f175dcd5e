/** `notifications`: what managers were told. */
import { Schema, type Connection } from 'mongoose';
import type { Notification, NotificationStore } from '#libs/domain/crm/notification.ts';
import { createActionRecords, actionRecordFields } from './action-records.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

export interface NotificationRepository extends NotificationStore {
  /** Newest first. @param limit 50 when left out */
  list(filter?: { managerId?: number; limit?: number }): Promise<Notification[]>;
}

const schema = Schema.create(
  { ...actionRecordFields, manager_id: required(Number), title: required(String), message: required(String) },
  schemaOptions,
);
schema.index({ manager_id: 1, created_at: -1, _id: -1 });
schema.index({ created_at: -1, _id: -1 });

export const notificationModel = defineModel('notifications', schema);

export function createNotificationStore(connection: Connection): NotificationRepository {
  const notifications = createActionRecords(notificationModel(connection));

  return guarded<NotificationRepository>({
    add: (added) => notifications.addMany(added),
    list: ({ managerId, limit } = {}) =>
      notifications.newest(managerId === undefined ? {} : { manager_id: managerId }, limit),
  });
}
