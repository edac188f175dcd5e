/** `bulk_outcomes`: the runs of bulk operations and what came of each, `_id` = `{operation}/{run}`. */
import { Schema, type Connection, type InferRawDocTypeFromSchema, type QueryFilter } from 'mongoose';
import type { BulkOutcome, BulkOutcomeState, BulkResult, BulkTally } from '#libs/domain/runs/bulk-operation.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { insertNew } from '../mongo/by-id.ts';
import { nullable, required } from '../mongo/fields.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';

export interface BulkOutcomes {
  /** Those that are there stay as they are. */
  take(bulkId: string, runs: readonly RunRecord[]): Promise<void>;
  /** Oldest run first. @throws InvalidInputError for a wrong cursor */
  list(bulkId: string, state?: BulkOutcomeState, page?: PageRequest): Promise<Page<BulkOutcome>>;
  /** The first result stays. */
  settle(bulkId: string, runId: string, result: BulkResult): Promise<void>;
  tally(bulkId: string): Promise<BulkTally>;
  /** How many runs it has taken. */
  count(bulkId: string): Promise<number>;
}

const schema = Schema.create(
  {
    _id: required(String),
    bulk_id: required(String),
    run_id: required(String),
    rule_name: required(String),
    brand: nullable(String),
    claimed_at: required(String),
    state: required<BulkOutcomeState>(String),
    code: nullable(String),
    message: nullable(String),
    next_run_id: nullable(String),
    at: nullable(String),
  },
  schemaOptions,
);
type OutcomeDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ bulk_id: 1, claimed_at: 1, _id: 1 });
schema.index({ bulk_id: 1, state: 1, claimed_at: 1, _id: 1 });

export const oldestOutcomesFirst = { claimed_at: 1, _id: 1 } as const;

export const bulkOutcomeModel = defineModel('bulk_outcomes', schema);

export function createBulkOutcomes(connection: Connection): BulkOutcomes {
  const outcomes = bulkOutcomeModel(connection);

  return guarded<BulkOutcomes>({
    async take(bulkId, runs) {
      const nothing = { code: null, message: null, next_run_id: null, at: null };
      await insertNew(
        outcomes,
        runs.map(({ run_id, rule_name, brand, claimed_at }) => {
          const names = { bulk_id: bulkId, run_id, rule_name, brand, claimed_at };
          return { _id: outcomeId(bulkId, run_id), ...names, state: 'pending' as const, ...nothing };
        }),
      );
    },

    async list(bulkId, state, page) {
      const query = { filter: buildOutcomesQuery(bulkId, state), sort: oldestOutcomesFirst } as const;
      const { items, nextCursor } = await readPage(outcomes, { ...query, types: ['string', 'string'] }, page);
      return { items: items.map(toOutcome), nextCursor };
    },

    async settle(bulkId, runId, { state, code, message, next_run_id }) {
      const told = { state, code, next_run_id, message: message === null ? null : storeText(message) };
      await outcomes.updateOne(
        { _id: outcomeId(bulkId, runId), state: 'pending' },
        { $set: { ...told, at: new Date().toISOString() } },
      );
    },

    async tally(bulkId) {
      const [done, skipped, failed] = await Promise.all(
        (['done', 'skipped', 'failed'] as const).map((state) => outcomes.countDocuments({ bulk_id: bulkId, state })),
      );
      return { done: done!, skipped: skipped!, failed: failed! };
    },

    count: (bulkId) => outcomes.countDocuments({ bulk_id: bulkId }),
  });
}

export function buildOutcomesQuery(bulkId: string, state?: BulkOutcomeState): QueryFilter<OutcomeDocument> {
  return { bulk_id: storeText(bulkId), ...(state !== undefined && { state }) };
}

function outcomeId(bulkId: string, runId: string): string {
  return storeKey(`${bulkId}/${runId}`);
}

function toOutcome({ _id, bulk_id: _bulkId, ...outcome }: OutcomeDocument): BulkOutcome {
  return outcome;
}
