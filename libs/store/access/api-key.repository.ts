/** `api_keys`, `_id` = the id of the key. A key that was revoked stays, so that it can be told whose it was. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { ApiKey, StoredApiKey } from '#libs/domain/access/api-key.ts';
import { insertNew } from '../mongo/by-id.ts';
import { collectionFor, buildModel, schemaOptions } from '../mongo/model.ts';
import { encodeCursor, readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

export interface ApiKeys {
  /** @returns false when there is a key of this id, which stays as it is */
  add(key: StoredApiKey): Promise<boolean>;
  get(apiKeyId: string): Promise<StoredApiKey | null>;
  /** Newest first; those that are not shown leave no trace. @throws InvalidInputError for a wrong cursor */
  list(isShown: (key: ApiKey) => boolean, page?: PageRequest): Promise<Page<ApiKey>>;
  /** Who revoked it first stays. @param at ISO 8601 UTC @returns null where there is none */
  revoke(apiKeyId: string, by: string, at: string): Promise<ApiKey | null>;
}

type ApiKeyDocument = Omit<StoredApiKey, 'api_key_id'> & { _id: string };

const text = { type: String, required: true } as const;
const textOrNull = { type: String, default: null };
const schema = new Schema<ApiKeyDocument>(
  {
    _id: text,
    name: text,
    role: text,
    brands: { type: [String], default: null },
    hash: text,
    created_at: text,
    created_by: text,
    expires_at: textOrNull,
    revoked_at: textOrNull,
    revoked_by: textOrNull,
  },
  schemaOptions,
);
schema.index({ created_at: -1, _id: -1 });

export const newestKeysFirst = { created_at: -1, _id: -1 } as const;

export function apiKeyModel(connection: Connection): Model<ApiKeyDocument> {
  return buildModel(connection, 'api_keys', schema);
}

export function createApiKeys(connection: Connection): ApiKeys {
  const model = apiKeyModel(connection);
  const keys = collectionFor(model);

  const get = async (apiKeyId: string): Promise<StoredApiKey | null> => {
    const document = await keys.findOne({ _id: storeText(apiKeyId) });
    return document && toStored(document);
  };

  return guarded<ApiKeys>({
    async add({ api_key_id, ...key }) {
      return (await insertNew(keys, [{ _id: api_key_id, ...key }])).length === 0;
    },

    get,

    async list(isShown, { cursor, limit = 50 } = {}) {
      const shown: StoredApiKey[] = [];
      let from = cursor;
      // One more than asked for, so that the cursor is that of a key which is shown: there are few in all.
      while (shown.length <= limit) {
        const query = { filter: {}, sort: newestKeysFirst, types: ['string', 'string'] } as const;
        const { items, nextCursor } = await readPage(model, query, {
          limit,
          ...(from !== undefined && { cursor: from }),
        });
        shown.push(...items.map(toStored).filter(isShown));
        if (nextCursor === null) break;
        from = nextCursor;
      }
      const items = shown.slice(0, limit).map(withoutHash);
      const last = shown.length > limit ? items.at(-1) : undefined;
      return { items, nextCursor: last ? encodeCursor([last.created_at, last.api_key_id]) : null };
    },

    async revoke(apiKeyId, by, at) {
      const _id = storeText(apiKeyId);
      await keys.updateOne({ _id, revoked_at: null }, { $set: { revoked_at: at, revoked_by: by } });
      const key = await get(apiKeyId);
      return key && withoutHash(key);
    },
  });
}

function toStored({ _id, ...key }: ApiKeyDocument): StoredApiKey {
  return { api_key_id: _id, ...key };
}

function withoutHash({ hash: _hash, ...key }: StoredApiKey): ApiKey {
  return key;
}
