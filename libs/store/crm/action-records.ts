/** Collections of what actions leave behind, `_id` = id of the record, the same on every attempt. */
import type { Collection, Model, QueryFilter } from 'mongoose';
import type { ActionRecord, ActionRecordStore } from '#libs/domain/crm/action-record.ts';
import { findById, insertNew, insertOrFind } from '../mongo/by-id.ts';
import { collectionFor } from '../mongo/model.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

export type ActionRecordDocument<R extends ActionRecord> = Omit<R, 'id'> & { _id: string };

/** The members that every such record has, for its schema. */
export const actionRecordFields = {
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

export interface ActionRecords<R extends ActionRecord> extends ActionRecordStore<R> {
  addMany(records: R[]): Promise<void>;
  /** Newest first. */
  newest(filter: QueryFilter<ActionRecordDocument<R>>, limit?: number): Promise<R[]>;
}

export function createActionRecords<R extends ActionRecord>(model: Model<ActionRecordDocument<R>>): ActionRecords<R> {
  const collection = collectionFor(model) as unknown as Collection<{ _id: string }>;
  const find = async (id: string): Promise<R | null> => {
    const document = await findById(collection, storeText(id));
    return document && toRecord<R>(document);
  };
  return {
    find,

    async add(record) {
      const stored = (await insertOrFind(collection, [toDocument(record)])).get(0);
      return stored === undefined ? record : toRecord<R>(stored);
    },

    async addMany(records) {
      await insertNew(collection, records.map(toDocument));
    },

    async newest(filter, limit = 50) {
      const documents = await model.find(filter).sort({ created_at: -1, _id: -1 }).limit(limit).lean();
      return (documents as { _id: string }[]).map(toRecord<R>);
    },
  };
}

export function toRecord<R extends ActionRecord>({ _id, ...rest }: { _id: string }): R {
  return { id: _id, ...rest } as unknown as R;
}

function toDocument({ id, ...rest }: ActionRecord): { _id: string } {
  return { _id: storeText(id), ...storeValue(rest) };
}
