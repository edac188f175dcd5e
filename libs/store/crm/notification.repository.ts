/** `notifications`: what managers were told. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Notification, NotificationStore } from '#libs/domain/crm/notification.ts';
import { createActionRecords, actionRecordFields, type ActionRecordDocument } from './action-records.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

export interface NotificationRepository extends NotificationStore {
  /** Newest first. @param limit 50 when left out */
  list(filter?: { managerId?: number; limit?: number }): Promise<Notification[]>;
}

type NotificationDocument = ActionRecordDocument<Notification>;

const schema = new Schema<NotificationDocument>(
  { ...actionRecordFields, manager_id: Number, title: String, message: String },
  schemaOptions,
);
schema.index({ manager_id: 1, created_at: -1, _id: -1 });
schema.index({ created_at: -1, _id: -1 });

export function notificationModel(connection: Connection): Model<NotificationDocument> {
  return buildModel(connection, 'notifications', schema);
}

export function createNotificationStore(connection: Connection): NotificationRepository {
  const notifications = createActionRecords<Notification>(notificationModel(connection));

  return guarded<NotificationRepository>({
    add: (added) => notifications.addMany(added),
    list: ({ managerId, limit } = {}) =>
      notifications.newest(managerId === undefined ? {} : { manager_id: managerId }, limit),
  });
}
