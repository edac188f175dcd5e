/** `evaluated_events`, `_id` = event id: kept for some days, see `libs/domain/evaluated-event.ts`. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { EvaluatedEvent, EvaluatedEvents } from '#libs/domain/evaluated-event.ts';
import { findById, insertNew } from './by-id.ts';
import { mapLimited } from './limited.ts';
import { collectionOf, modelOf, schemaOptions } from './model.ts';
import { guarded } from './store-error.ts';
import { storeKey } from './store-text.ts';

interface EvaluatedEventDocument {
  _id: string;
  at: string;
  /** An `EvaluatedEvent` as JSON text: events nest deeper than BSON may. */
  body: string;
}

const schema = new Schema<EvaluatedEventDocument>(
  {
    _id: { type: String, required: true },
    at: { type: String, required: true },
    body: { type: String, required: true },
  },
  schemaOptions,
);
schema.index({ at: 1 });

/** Forgotten in one go. */
const mostAtOnce = 1000;

export function evaluatedEventModel(connection: Connection): Model<EvaluatedEventDocument> {
  return modelOf(connection, 'evaluated_events', schema);
}

export function createEvaluatedEvents(connection: Connection): EvaluatedEvents {
  const events = collectionOf(evaluatedEventModel(connection));

  return guarded<EvaluatedEvents>({
    async keep(evaluated) {
      const documents = evaluated.map((event) => {
        return { _id: storeKey(event.eventId), at: event.at, body: JSON.stringify(event) };
      });
      await insertNew(events, documents);
    },

    async get(eventId) {
      const document = await findById<EvaluatedEventDocument>(events, storeKey(eventId));
      return document && (JSON.parse(document.body) as EvaluatedEvent);
    },

    async forget(before) {
      const old = await events.find({ at: { $lt: before } }, { projection: { _id: 1 }, limit: mostAtOnce }).toArray();
      await mapLimited(old, ({ _id }) => events.deleteOne({ _id }));
      return old.length;
    },
  });
}
