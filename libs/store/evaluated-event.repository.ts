/** `evaluated_events`, `_id` = event id: those that started nothing. What started something has a decision. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { EvaluatedEvent, EvaluatedEvents } from '#libs/domain/evaluated-event.ts';
import type { Decision } from '#libs/domain/ledger.ts';
import { findById, insertNew } from './by-id.ts';
import { mapLimited } from './limited.ts';
import { collectionOf, modelOf, schemaOptions } from './model.ts';
import { decisionModel, decisionOf, type DecisionDocument } from './decision.model.ts';
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
  const decisions = collectionOf(decisionModel(connection));

  return guarded<EvaluatedEvents>({
    async keep(evaluated) {
      const documents = evaluated.map((event) => {
        return { _id: storeKey(event.eventId), at: event.at, body: JSON.stringify(event) };
      });
      await insertNew(events, documents);
    },

    async get(eventId) {
      const decided = await findById<DecisionDocument>(decisions, storeKey(eventId));
      if (decided !== null) return evaluationOf(decisionOf(decided));
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

function evaluationOf({ eventId, decidedAt: at, revision, runs, shadow = [] }: Decision): EvaluatedEvent | null {
  const [first] = [...runs, ...shadow];
  if (first === undefined || revision === undefined) return null;
  return { eventId, trigger: first.event.trigger, at, revision, outcome: 'matched', context: first.context };
}
