/** `bulk_operations`: commands to many runs, `_id` = id of the operation. */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import type {
  BulkCommand,
  BulkOperation,
  BulkStatus,
  BulkTally,
  RunSelection,
} from '#libs/domain/runs/bulk-operation.ts';
import { findById, insertOrFind } from '../mongo/by-id.ts';
import { Mixed, nullable, required } from '../mongo/fields.ts';
import { encodeCursor, readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

export interface BulkOperations {
  /** @returns what is stored under its id: itself, or what another request has stored before */
  add(operation: BulkOperation): Promise<BulkOperation>;
  get(bulkId: string): Promise<BulkOperation | null>;
  /** Newest first; those that are not shown leave no trace. @throws InvalidInputError for a wrong cursor */
  list(isShown: (operation: BulkOperation) => boolean, page?: PageRequest): Promise<Page<BulkOperation>>;
  /** Those that no worker has taken a run for, created since (ISO 8601 UTC): the newest, 100 at most. */
  listNotBegun(createdSince: string): Promise<BulkOperation[]>;
  /** @param isAll no run is added any more */
  collected(bulkId: string, total: number, isAll: boolean): Promise<void>;
  progress(bulkId: string, tally: BulkTally): Promise<void>;
  /** Who asked first stays. Changes nothing once it has ended. */
  stop(bulkId: string, by: string): Promise<void>;
  /** Changes nothing once it has ended. @param error why it failed as a whole */
  end(bulkId: string, status: Exclude<BulkStatus, 'running' | 'stopping'>, error?: string): Promise<void>;
}

const schema = Schema.create(
  {
    _id: required(String),
    command: required<BulkCommand>(String),
    selection: required<RunSelection>(Mixed),
    brands: nullable<string[]>([String]),
    until: required(String),
    expected: required(Number),
    reason: nullable(String),
    by: required(String),
    role: required(String),
    status: required<BulkStatus>(String),
    created_at: required(String),
    finished_at: nullable(String),
    stopped_by: nullable(String),
    total: required(Number),
    is_collected: required(Boolean),
    done: required(Number),
    skipped: required(Number),
    failed: required(Number),
    error: nullable(String),
    request: required(String),
  },
  schemaOptions,
);
schema.index({ created_at: -1, _id: -1 });

export const newestOperationsFirst = { created_at: -1, _id: -1 } as const;

export const bulkOperationModel = defineModel('bulk_operations', schema);

export function createBulkOperations(connection: Connection): BulkOperations {
  const operations = bulkOperationModel(connection);

  return guarded<BulkOperations>({
    async add({ bulk_id, ...operation }) {
      const stored = await insertOrFind(operations, [{ _id: bulk_id, ...storeValue(operation) }]);
      return toOperation(stored.get(0) ?? { _id: bulk_id, ...operation });
    },

    async get(bulkId) {
      const document = await findById(operations, storeText(bulkId));
      return document && toOperation(document);
    },

    async list(isShown, { cursor, limit = 50 } = {}) {
      const shown: BulkOperation[] = [];
      let from = cursor;
      // One more than asked for, so that the cursor is that of an operation which is shown: there are few in all.
      while (shown.length <= limit) {
        const query = { filter: {}, sort: newestOperationsFirst, types: ['string', 'string'] } as const;
        const { items, nextCursor } = await readPage(operations, query, {
          limit,
          ...(from !== undefined && { cursor: from }),
        });
        shown.push(...items.map(toOperation).filter(isShown));
        if (nextCursor === null) break;
        from = nextCursor;
      }
      const items = shown.slice(0, limit);
      const last = shown.length > limit ? items.at(-1) : undefined;
      return { items, nextCursor: last ? encodeCursor([last.created_at, last.bulk_id]) : null };
    },

    async listNotBegun(createdSince) {
      const notBegun = { created_at: { $gte: createdSince }, finished_at: null, total: 0, is_collected: false };
      const found = await operations.find(notBegun).sort(newestOperationsFirst).limit(100).lean();
      return found.map(toOperation);
    },

    async collected(bulkId, total, isAll) {
      await operations.updateOne({ _id: bulkId }, { $set: { total, is_collected: isAll } });
    },

    async progress(bulkId, { done, skipped, failed }) {
      await operations.updateOne({ _id: bulkId }, { $set: { done, skipped, failed } });
    },

    async stop(bulkId, by) {
      const filter = { _id: storeText(bulkId), status: 'running' } as const;
      await operations.updateOne(filter, { $set: { status: 'stopping', stopped_by: storeText(by) } });
    },

    async end(bulkId, status, error) {
      const finished_at = new Date().toISOString();
      await operations.updateOne(
        { _id: storeText(bulkId), finished_at: null },
        { $set: { status, finished_at, ...(error !== undefined && { error: storeText(error) }) } },
      );
    },
  });
}

function toOperation({ _id, ...operation }: InferRawDocTypeFromSchema<typeof schema>): BulkOperation {
  return { bulk_id: _id, ...operation };
}
