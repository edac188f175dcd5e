/** `observed_triggers`, `_id` = the trigger. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { ObservedEventType, ObservedEventTypes } from '#libs/domain/context/observed-event-type.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { collectionFor, buildModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';

type ObservedEventTypeDocument = ObservedEventType & { _id: string };

const text = { type: String, required: true } as const;
const schema = new Schema<ObservedEventTypeDocument>(
  { _id: text, name: text, first_seen_at: text, fields: [{ _id: false, path: text, type: text }] },
  schemaOptions,
);

export function observedEventTypeModel(connection: Connection): Model<ObservedEventTypeDocument> {
  return buildModel(connection, 'observed_event_types', schema);
}

export function createObservedEventTypes(connection: Connection): ObservedEventTypes {
  const triggers = collectionFor(observedEventTypeModel(connection));

  return guarded<ObservedEventTypes>({
    async add(observed) {
      await insertNew(
        triggers,
        observed.map((one) => ({ _id: storeKey(one.name), ...storeValue(one) })),
      );
    },

    async has(name) {
      return (await findById<ObservedEventTypeDocument>(triggers, storeKey(name), { _id: 1 })) !== null;
    },

    async list() {
      const documents = await triggers.find().toArray();
      return documents
        .map(({ name, first_seen_at, fields }) => ({ name, first_seen_at, fields }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  });
}
