/** `delivery_cursors`: from where on a subscription is sent events out of the store, `_id` = id of the cursor. */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import type { DeliveryCursor, DeliveryCursors } from '#libs/domain/subscriptions/delivery.ts';
import { insertNew, putDocument, upsertOver } from '../mongo/by-id.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';

const schema = Schema.create(
  {
    _id: required(String),
    subscription_id: required(String),
    topic_id: required(String),
    partition: required(Number),
    next: required(Number),
    until: nullable(Number),
    redelivery_id: nullable(String),
    only_failed: required(Boolean),
    owner: nullable(String),
  },
  schemaOptions,
);
type CursorDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ subscription_id: 1 });

export const deliveryCursorModel = defineModel('delivery_cursors', schema);

export function createDeliveryCursors(connection: Connection): DeliveryCursors {
  const cursors = deliveryCursorModel(connection);

  const change = async (filter: { _id: string; owner?: string }, $set: Partial<CursorDocument>): Promise<boolean> => {
    const { matchedCount } = await cursors.updateOne(filter, { $set });
    return matchedCount === 1;
  };

  return guarded<DeliveryCursors>({
    async all() {
      return (await cursors.find().lean()).map(toCursor);
    },

    async put(cursor) {
      const document = toDocument(cursor);
      await upsertOver(cursors, { _id: document._id }, () => putDocument(cursors, document));
    },

    async add(added) {
      await insertNew(cursors, added.map(toDocument));
    },

    claim: (cursorId, owner) => change({ _id: cursorId }, { owner }),

    move: (cursorId, owner, next) => change({ _id: cursorId, owner }, { next }),

    async remove(cursorId, owner) {
      await cursors.deleteOne({ _id: cursorId, owner });
    },

    async removeAll(subscription_id) {
      await cursors.deleteMany({ subscription_id });
    },
  });
}

function toDocument({ cursor_id, ...rest }: DeliveryCursor): CursorDocument {
  return { _id: cursor_id, ...rest };
}

function toCursor({ _id, ...rest }: CursorDocument): DeliveryCursor {
  return { cursor_id: _id, ...rest };
}
