/** Collections of what actions leave behind, `_id` = id of the record, the same on every attempt. */
import type { QueryFilter } from 'mongoose';
import type { ActionRecord, ActionRecordStore } from '#libs/domain/crm/action-record.ts';
import { findById, insertNew, insertOrFind } from '../mongo/by-id.ts';
import { nullable, required } from '../mongo/fields.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import type { DocumentModel } from '../mongo/model.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

/** The members that every such record has, for its schema. */
export const actionRecordFields = {
  _id: required(String),
  tenant: nullable(String),
  run_id: required(String),
  rule_id: required(String),
  rule_name: required(String),
  event_id: required(String),
  customer_id: nullable(String),
  login: nullable(Number),
  created_at: required(String),
};

export interface ActionRecordDocument extends Omit<ActionRecord, 'id'> {
  _id: string;
}
type RecordIn<D extends ActionRecordDocument> = Omit<D, '_id'> & { id: string };

export interface ActionRecords<R extends ActionRecord> extends ActionRecordStore<R> {
  addMany(records: R[]): Promise<void>;
  /** Newest first. */
  newest(filter: Partial<R>, limit?: number): Promise<R[]>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  page(filter: QueryFilter<ActionRecordDocument>, page?: PageRequest): Promise<Page<R>>;
}

export const newestRecordsFirst = { created_at: -1, _id: -1 } as const;

/** Of whom, and of which brands; what is left out filters nothing. */
export interface RecordFilter {
  customerId?: string;
  /** Any of them. */
  brands?: readonly string[];
}

export function buildRecordsQuery({ customerId, brands }: RecordFilter): QueryFilter<ActionRecordDocument> {
  return {
    ...(customerId !== undefined && { customer_id: storeText(customerId) }),
    ...(brands !== undefined && { tenant: { $in: [...brands] } }),
  };
}

export function createActionRecords<D extends ActionRecordDocument>(
  model: DocumentModel<D>,
): ActionRecords<RecordIn<D>> {
  return {
    async find(id) {
      const document = await findById<D>(model, storeText(id));
      return document && toRecord(document);
    },

    async add(record) {
      const stored = (await insertOrFind(model, [toDocument<D>(record)])).get(0);
      return stored === undefined ? record : toRecord(stored);
    },

    async addMany(records) {
      await insertNew(model, records.map(toDocument<D>));
    },

    async newest(filter, limit = 50) {
      const documents = await model
        .find(filter as QueryFilter<D>)
        .sort(newestRecordsFirst)
        .limit(limit)
        .lean<D[]>();
      return documents.map(toRecord<D>);
    },

    async page(filter, page) {
      const query = {
        filter: filter as QueryFilter<D>,
        sort: newestRecordsFirst,
        types: ['string', 'string'],
      } as const;
      const { items, nextCursor } = await readPage(model, query, page);
      return { items: items.map(toRecord<D>), nextCursor };
    },
  };
}

export function toRecord<D extends ActionRecordDocument>({ _id, ...rest }: D): RecordIn<D> {
  return { id: _id, ...rest };
}

function toDocument<D extends ActionRecordDocument>({ id, ...rest }: RecordIn<D>): D {
  return { _id: storeText(id), ...storeValue(rest) } as unknown as D;
}
