/** `observed_triggers`, `_id` = the trigger. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { ObservedTrigger, ObservedTriggers } from '#libs/domain/context/observed-event-type.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { collectionOf, modelOf, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';

type ObservedTriggerDocument = ObservedTrigger & { _id: string };

const text = { type: String, required: true } as const;
const schema = new Schema<ObservedTriggerDocument>(
  { _id: text, name: text, first_seen_at: text, fields: [{ _id: false, path: text, type: text }] },
  schemaOptions,
);

export function observedTriggerModel(connection: Connection): Model<ObservedTriggerDocument> {
  return modelOf(connection, 'observed_triggers', schema);
}

export function createObservedTriggers(connection: Connection): ObservedTriggers {
  const triggers = collectionOf(observedTriggerModel(connection));

  return guarded<ObservedTriggers>({
    async add(observed) {
      await insertNew(
        triggers,
        observed.map((one) => ({ _id: storeKey(one.name), ...storeValue(one) })),
      );
    },

    async has(name) {
      return (await findById<ObservedTriggerDocument>(triggers, storeKey(name), { _id: 1 })) !== null;
    },

    async list() {
      const documents = await triggers.find().toArray();
      return documents
        .map(({ name, first_seen_at, fields }) => ({ name, first_seen_at, fields }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  });
}
