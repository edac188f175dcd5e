/**
 * `call_outcomes`: answered calls of which Temporal could not be told at once. Hardly any call leaves a document: only
 * those that end while Temporal is away, or has given their attempt up.
 */
import { Schema, type Connection } from 'mongoose';
import type { ActionReport } from '#libs/domain/runs/action-report.ts';
import type { CallOutcomes } from '#libs/domain/runs/call-outcome.ts';
import { findByIds, insertNew } from '../mongo/by-id.ts';
import { Mixed, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

const schema = Schema.create(
  {
    _id: required(String),
    detail: optional(String),
    report: optional<ActionReport>(Mixed),
    attempts: required(Number),
    started_at: required(String),
    finished_at: required(String),
  },
  schemaOptions,
);

export const callOutcomeModel = defineModel('call_outcomes', schema);

export function createCallOutcomes(connection: Connection): CallOutcomes {
  const outcomes = callOutcomeModel(connection);
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
