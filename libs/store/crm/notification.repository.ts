/** `notifications`: what managers were told. */
import { Schema, type Connection } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { Notification, NotificationState, NotificationStore } from '#libs/domain/crm/notification.ts';
import {
  actionRecordFields,
  buildRecordsQuery,
  createActionRecords,
  toRecord,
  type RecordFilter,
} from './action-records.ts';
import { optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import type { Page, PageRequest } from '../mongo/keyset-page.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

/** Of a manager or of a customer. */
export interface NotificationFilter extends RecordFilter {
  managerId?: number;
  /** Those not read only. */
  isUnread?: boolean;
}

export interface NotificationRepository extends NotificationStore {
  find(id: string): Promise<Notification | null>;
  /** Newest first. @param limit 50 when left out */
  list(filter?: { managerId?: number; limit?: number }): Promise<Notification[]>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  page(filter: NotificationFilter, page?: PageRequest): Promise<Page<Notification>>;
  /** One that is read stays as it was. @throws PermanentError `notification_not_found` */
  markRead(id: string, at: string, by: string): Promise<Notification>;
}

const schema = Schema.create(
  {
    ...actionRecordFields,
    manager_id: required(Number),
    title: required(String),
    message: required(String),
    state: optional<NotificationState>(String),
    read_at: optional(String),
    read_by: optional(String),
  },
  schemaOptions,
);
schema.index({ manager_id: 1, created_at: -1, _id: -1 });
schema.index({ manager_id: 1, state: 1, created_at: -1, _id: -1 });
schema.index({ customer_id: 1, created_at: -1, _id: -1 });
schema.index({ created_at: -1, _id: -1 });

export const notificationModel = defineModel('notifications', schema);

export function createNotificationStore(connection: Connection): NotificationRepository {
  const model = notificationModel(connection);
  const notifications = createActionRecords(model);

  return guarded<NotificationRepository>({
    add: (added) => notifications.addMany(added.map((one) => ({ state: 'unread', ...one }))),
    find: (id) => notifications.find(id),
    list: ({ managerId, limit } = {}) =>
      notifications.newest(managerId === undefined ? {} : { manager_id: managerId }, limit),
    page: (filter, page) => notifications.page(buildNotificationsQuery(filter), page),

    async markRead(id, at, by) {
      const read = await model
        .findOneAndUpdate(
          { _id: storeText(id), state: 'unread' },
          { $set: { state: 'read', read_at: at, read_by: storeText(by) } },
          { returnDocument: 'after' },
        )
        .lean();
      const notification = read === null ? await notifications.find(id) : toRecord(read);
      if (notification !== null) return notification;
      throw new PermanentError('notification_not_found', `There is no notification "${id}".`);
    },
  });
}

export function buildNotificationsQuery({ managerId, isUnread = false, ...filter }: NotificationFilter) {
  return {
    ...buildRecordsQuery(filter),
    ...(managerId !== undefined && { manager_id: managerId }),
    ...(isUnread && { state: 'unread' as const }),
  };
}
