/** `api_keys`, `_id` = the id of the key. A key that was revoked stays, so that it can be told whose it was. */
import { Schema, type Connection, type InferRawDocTypeFromSchema } from 'mongoose';
import type { ApiKey, StoredApiKey } from '#libs/domain/access/api-key.ts';
import { findById, insertNew } from '../mongo/by-id.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
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

const schema = Schema.create(
  {
    _id: required(String),
    name: required(String),
    role: required(String),
    brands: nullable<string[]>([String]),
    hash: required(String),
    created_at: required(String),
    created_by: required(String),
    expires_at: nullable(String),
    revoked_at: nullable(String),
    revoked_by: nullable(String),
  },
  schemaOptions,
);
schema.index({ created_at: -1, _id: -1 });

export const newestKeysFirst = { created_at: -1, _id: -1 } as const;

export const apiKeyModel = defineModel('api_keys', schema);

export function createApiKeys(connection: Connection): ApiKeys {
  const keys = apiKeyModel(connection);

  const get = async (apiKeyId: string): Promise<StoredApiKey | null> => {
    const document = await findById(keys, storeText(apiKeyId));
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
        const { items, nextCursor } = await readPage(keys, query, {
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

function toStored({ _id, ...key }: InferRawDocTypeFromSchema<typeof schema>): StoredApiKey {
  return { api_key_id: _id, ...key };
}

function withoutHash({ hash: _hash, ...key }: StoredApiKey): ApiKey {
  return key;
}
