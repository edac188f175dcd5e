/** `notifications`: what managers were told, `_id` = id of the notification, the same on every attempt. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Notification, NotificationStore } from '#libs/domain/notification.ts';
import { insertNew } from './by-id.ts';
import { collectionOf, modelOf, schemaOptions } from './model.ts';
import { guarded } from './store-error.ts';
import { storeText, storeValue } from './store-text.ts';

export interface NotificationRepository extends NotificationStore {
  /** Newest first. @param limit 50 when left out */
  list(filter?: { managerId?: number; limit?: number }): Promise<Notification[]>;
}

type NotificationDocument = Omit<Notification, 'id'> & { _id: string };

const schema = new Schema<NotificationDocument>(
  {
    _id: { type: String, required: true },
    manager_id: Number,
    title: String,
    message: String,
    tenant: String,
    run_id: String,
    rule_id: String,
    rule_name: String,
    event_id: String,
    customer_id: String,
    login: Number,
    created_at: String,
  },
  schemaOptions,
);
schema.index({ manager_id: 1, created_at: -1, _id: -1 });
schema.index({ created_at: -1, _id: -1 });

export function notificationModel(connection: Connection): Model<NotificationDocument> {
  return modelOf(connection, 'notifications', schema);
}

export function createNotificationStore(connection: Connection): NotificationRepository {
  const notifications = notificationModel(connection);
  const documentOf = ({ id, ...rest }: Notification): NotificationDocument => ({
    _id: storeText(id),
    ...storeValue(rest),
  });

  return guarded<NotificationRepository>({
    async add(added) {
      await insertNew(collectionOf(notifications), added.map(documentOf));
    },

    async list({ managerId, limit = 50 } = {}) {
      const documents = await notifications
        .find(managerId === undefined ? {} : { manager_id: managerId })
        .sort({ created_at: -1, _id: -1 })
        .limit(limit)
        .lean<NotificationDocument[]>();
      return documents.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },
  });
}
