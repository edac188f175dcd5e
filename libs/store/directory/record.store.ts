/** The records of one kind, as an operator puts, finds and lists them. */
import { isDeepStrictEqual } from 'node:util';
import type { QueryFilter } from 'mongoose';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import { asRead } from '../mongo/as-read.ts';
import { findById, insertNew, putDocument, type Keyed } from '../mongo/by-id.ts';
import { encodeCursor, readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import type { DocumentModel } from '../mongo/model.ts';

export interface StoredRecord<Item> {
  record: Item;
  /** Another one whenever the record is another, secrets included; tells nothing of them. */
  version: string;
}

export interface ListedRecord<Item> {
  record: Item;
  /** The page that begins behind it. */
  cursor: string;
}

/** `unchanged`: it was so before. `conflict`: it is not what was seen any more. */
export type PutOutcome = 'put' | 'unchanged' | 'conflict';

export interface RecordStore<Item, Identity> {
  /** Whatever there is. */
  put(record: Item): Promise<void>;
  /** @param seen version of the record as it was read; null: there was none */
  putOver(record: Item, seen: string | null): Promise<PutOutcome>;
  find(identity: Identity): Promise<StoredRecord<Item> | null>;
  /** In the order of their ids. @throws InvalidInputError for a wrong cursor */
  page(page: PageRequest): Promise<Page<ListedRecord<Item>>>;
  /** In the order of their ids. */
  all(): Promise<Item[]>;
}

export interface RecordSource<D extends Keyed, Item, Identity> {
  model: DocumentModel<D>;
  key: (identity: Identity) => D['_id'];
  /** Of the keys; `mixed`: there are few. */
  keys: 'string' | 'number' | 'mixed';
  /** Null: there is no record any more. */
  toRecord: (document: D) => Item | null;
  /** Long fields that lists do without. */
  unlisted?: { [Field in keyof D]?: 0 };
  /** What the version follows from; left out: the record. */
  toVersioned?: (document: D) => unknown;
}

export interface WholeSource<D extends Keyed, Item, Identity> extends RecordSource<D, Item, Identity> {
  toDocument: (record: Item) => D;
  /** Drawn anew with each document. */
  drawn?: keyof D & string;
}

type Reads<Item, Identity> = Pick<RecordStore<Item, Identity>, 'find' | 'page' | 'all'>;

/** A kind whose records are written whole. */
export function createRecordStore<D extends Keyed, Item, Identity>(
  source: WholeSource<D, Item, Identity>,
): RecordStore<Item, Identity> {
  const { model, toDocument, drawn } = source;
  const fields = Object.keys(model.schema.paths).filter((path) => path !== '_id' && !path.includes('.'));

  const isSame = (stored: D, document: D): boolean =>
    fields.every((field) => {
      const name = field as keyof D;
      return name === drawn || isDeepStrictEqual(stored[name], document[name]);
    });

  return {
    ...createRecordReads(source),

    put: (record) => putDocument(model, toDocument(record)),

    async putOver(record, seen) {
      const document = toDocument(record);
      const stored = await findById<D>(model, document._id);
      if (stored !== null && isSame(stored, document)) return 'unchanged';
      if ((stored === null ? null : toVersion(source, stored)) !== seen) return 'conflict';
      if (stored === null) return (await insertNew<D>(model, [document])).length === 0 ? 'put' : 'conflict';
      const filter = { ...asRead(stored, fields), _id: document._id } as QueryFilter<D>;
      const { matchedCount } = await model.replaceOne(filter, document, { runValidators: true });
      return matchedCount === 1 ? 'put' : 'conflict';
    },
  };
}

export function createRecordReads<D extends Keyed, Item, Identity>(
  source: RecordSource<D, Item, Identity>,
): Reads<Item, Identity> {
  const { model, key, keys, toRecord, unlisted } = source;

  const listed = (document: D): ListedRecord<Item>[] => {
    const record = toRecord(document);
    return record === null ? [] : [{ record, cursor: encodeCursor([document._id]) }];
  };

  const sorted = (): Promise<D[]> => model.find().sort({ _id: 1 }).lean<D[]>();

  /** A comparison with a number finds no text, so these are read together. */
  const mixedPage = async ({ cursor, limit = 50 }: PageRequest): Promise<Page<ListedRecord<Item>>> => {
    const items = (await sorted()).flatMap(listed);
    const at = cursor === undefined ? 0 : items.findIndex((one) => one.cursor === cursor) + 1;
    if (cursor !== undefined && at === 0) throw wrongCursor();
    const page = items.slice(at, at + limit);
    return { items: page, nextCursor: at + limit < items.length ? page.at(-1)!.cursor : null };
  };

  return {
    async find(identity) {
      const document = await findById<D>(model, key(identity));
      const record = document && toRecord(document);
      return document === null || record === null ? null : { record, version: toVersion(source, document) };
    },

    async page(page) {
      if (keys === 'mixed') return mixedPage(page);
      const query = { filter: {}, sort: { _id: 1 }, types: [keys], ...(unlisted && { projection: unlisted }) } as const;
      const { items, nextCursor } = await readPage<D>(model, query, page);
      return { items: items.flatMap(listed), nextCursor };
    },

    all: async () => (await sorted()).map(toRecord).filter((record) => record !== null),
  };
}

export function toVersion<D extends Keyed, Item, Identity>(
  { toRecord, toVersioned = toRecord }: RecordSource<D, Item, Identity>,
  document: D,
): string {
  return sha256(JSON.stringify(toVersioned(document))).slice(0, 32);
}

function wrongCursor(): InvalidInputError {
  const message = 'The cursor is not one that this list gave.';
  return new InvalidInputError(message, [{ path: 'cursor', code: 'invalid_cursor', message }]);
}
