/**
 * `call_outcomes`: answered calls of which Temporal could not be told at once. Hardly any call leaves a document: only
 * those that end while Temporal is away, or has given their attempt up.
 */
import { Schema, type Connection, type Model } from 'mongoose';
import type { CallOutcomes, KeptOutcome } from '#libs/domain/runs/call-outcome.ts';
import { findByIds, insertNew } from '../mongo/by-id.ts';
import { collectionFor, buildModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

type OutcomeDocument = Omit<KeptOutcome, 'key'> & { _id: string };

const schema = new Schema<OutcomeDocument>(
  { _id: { type: String, required: true }, detail: String, attempts: Number, started_at: String, finished_at: String },
  schemaOptions,
);

export function callOutcomeModel(connection: Connection): Model<OutcomeDocument> {
  return buildModel(connection, 'call_outcomes', schema);
}

export function createCallOutcomes(connection: Connection): CallOutcomes {
  const outcomes = collectionFor(callOutcomeModel(connection));
  return guarded<CallOutcomes>({
    async put(kept) {
      await insertNew(
        outcomes,
        kept.map(({ key, ...rest }) => ({ _id: storeText(key), ...storeValue(rest) })),
      );
    },

    async get(keys) {
      const found = await findByIds(outcomes, keys.map(storeText));
      return keys.flatMap((key) => {
        const document = found.get(storeText(key));
        if (document === undefined) return [];
        const { _id, ...rest } = document;
        return [{ key, ...rest }];
      });
    },
  });
}
