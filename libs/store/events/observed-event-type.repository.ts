/** `observed_triggers`, `_id` = the trigger. */
import { Schema, type Connection } from 'mongoose';
import type { ObservedEventTypes, ObservedField } from '#libs/domain/context/observed-event-type.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { Mixed, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';

const schema = Schema.create(
  {
    _id: required(String),
    name: required(String),
    first_seen_at: required(String),
    fields: required<ObservedField[]>([Mixed]),
  },
  schemaOptions,
);

export const observedEventTypeModel = defineModel('observed_event_types', schema);

export function createObservedEventTypes(connection: Connection): ObservedEventTypes {
  const types = observedEventTypeModel(connection);

  return guarded<ObservedEventTypes>({
    async add(observed) {
      await insertNew(
        types,
        observed.map((one) => ({ _id: storeKey(one.name), ...storeValue(one) })),
      );
    },

    async has(name) {
      return (await findById(types, storeKey(name), { _id: 1 })) !== null;
    },

    async list() {
      const documents = await types.find().lean();
      return documents
        .map(({ name, first_seen_at, fields }) => ({ name, first_seen_at, fields }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  });
}
