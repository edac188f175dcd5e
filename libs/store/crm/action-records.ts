/** Collections of what actions leave behind, `_id` = id of the record, the same on every attempt. */
import type { Collection, Model, QueryFilter } from 'mongoose';
import type { EffectRecord, EffectRecordStore } from '#libs/domain/crm/action-record.ts';
import { findById, insertNew, insertOrFind } from '../mongo/by-id.ts';
import { collectionOf } from '../mongo/model.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

export type EffectDocument<R extends EffectRecord> = Omit<R, 'id'> & { _id: string };

/** The members that every such record has, for its schema. */
export const effectRecordFields = {
  _id: { type: String, required: true },
  tenant: String,
  run_id: String,
  rule_id: String,
  rule_name: String,
  event_id: String,
  customer_id: String,
  login: Number,
  created_at: String,
} as const;

export interface EffectRecords<R extends EffectRecord> extends EffectRecordStore<R> {
  addMany(records: R[]): Promise<void>;
  /** Newest first. */
  newest(filter: QueryFilter<EffectDocument<R>>, limit?: number): Promise<R[]>;
}

export function createEffectRecords<R extends EffectRecord>(model: Model<EffectDocument<R>>): EffectRecords<R> {
  const collection = collectionOf(model) as unknown as Collection<{ _id: string }>;
  const find = async (id: string): Promise<R | null> => {
    const document = await findById(collection, storeText(id));
    return document && recordOf<R>(document);
  };
  return {
    find,

    async add(record) {
      const stored = (await insertOrFind(collection, [documentOf(record)])).get(0);
      return stored === undefined ? record : recordOf<R>(stored);
    },

    async addMany(records) {
      await insertNew(collection, records.map(documentOf));
    },

    async newest(filter, limit = 50) {
      const documents = await model.find(filter).sort({ created_at: -1, _id: -1 }).limit(limit).lean();
      return (documents as { _id: string }[]).map(recordOf<R>);
    },
  };
}

export function recordOf<R extends EffectRecord>({ _id, ...rest }: { _id: string }): R {
  return { id: _id, ...rest } as unknown as R;
}

function documentOf({ id, ...rest }: EffectRecord): { _id: string } {
  return { _id: storeText(id), ...storeValue(rest) };
}
