/** `accounts`, `_id` = login. A removed account leaves its login and when it was removed. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { AccountFreeze } from '#libs/domain/directory/account-freeze.ts';
import type { AccountHistory, AccountPlacement } from '#libs/domain/directory/account-history.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import { Mixed, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeValue } from '../mongo/storable-text.ts';
import { joinMore, splitMore } from './more-fields.ts';

/** Fields conditions and actions know; all others of an account are in `more`. */
const known = {
  group: optional(String),
  name: optional(String),
  email: optional(String),
  country: optional(String),
  enable: optional<boolean>(Mixed),
  leverage: optional(Number),
  customer_id: optional(String),
  frozen: optional(Boolean),
  frozen_reason: optional(String),
  frozen_at: optional(String),
} satisfies Record<string, unknown> & Record<keyof AccountFreeze, unknown>;

/** The part of an account that a broker record replaces as a whole; a freeze stays, and so does an unnamed customer. */
export const legacyFields = ['group', 'name', 'email', 'country', 'enable', 'leverage', 'more'] as const;

const schema = Schema.create(
  {
    _id: required(Number),
    ...known,
    /** Keys of the actions that have frozen it. */
    frozen_by: optional([String]),
    /** Event time of the last change, in milliseconds since 1970; 0 = known from a directory file only. */
    as_of: required(Number),
    removed: required(Boolean),
    /** Of the last change by an event: partition and offset, and whether its own time could not be trusted. */
    position: optional<{ partition: string; offset: string }>(Mixed),
    ahead: optional(Boolean),
    /** Where it was before; see `libs/domain/directory/account-history.ts`. */
    placements: optional<AccountPlacement[]>([Mixed]),
    /** +1 with each change but a freeze. */
    version: optional(Number),
    /** JSON text; see `more-fields.ts`. */
    more: optional(String),
  },
  schemaOptions,
);
export type AccountDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ customer_id: 1 });

export const accountModel = defineModel('accounts', schema);

export function toAccountFields({ login: _login, ...account }: Account): Partial<AccountDocument> {
  const { fields, more } = splitMore(account, known);
  return { ...storeValue(fields), more };
}

/** @returns null for a removed account */
export function toAccount(document: AccountDocument): Account | null {
  const { _id, as_of: _asOf, removed, frozen_by: _by, position: _position, ahead: _ahead, ...more } = document;
  const { placements: _placements, version: _version, ...rest } = more;
  return removed ? null : { ...(joinMore(rest) as Account), login: _id };
}

export function toHistory(document: AccountDocument): AccountHistory {
  return { login: document._id, account: toAccount(document), placements: document.placements ?? [] };
}
