/** `accounts`, `_id` = login. A removed account leaves its login and when it was removed. */
import { Schema, type Connection, type Model } from 'mongoose';
import { freezeFields } from '#libs/domain/directory/account-freeze.ts';
import type { AccountHistory, AccountPlacement } from '#libs/domain/directory/account-history.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import { storeValue } from '../mongo/storable-text.ts';
import { joinMore, splitMore, type MoreFields } from './more-fields.ts';

const known = ['group', 'name', 'email', 'country', 'enable', 'leverage', 'customer_id', ...freezeFields] as const;

/** The part of an account that a broker record replaces as a whole; a freeze stays, and so does an unnamed customer. */
export const legacyFields = ['group', 'name', 'email', 'country', 'enable', 'leverage', 'more'] as const;

export interface AccountDocument extends Partial<Pick<Account, (typeof known)[number]>>, MoreFields {
  _id: number;
  /** Event time of the last change, in milliseconds since 1970; 0 = known from a directory file only. */
  as_of: number;
  removed: boolean;
  /** Of the last change by an event: partition and offset, and whether its own time could not be trusted. */
  position?: { partition: string; offset: string };
  ahead?: boolean;
  /** Where it was before; see `libs/domain/directory/account-history.ts`. */
  placements?: AccountPlacement[];
  /** +1 with each change but a freeze. */
  version?: number;
  /** Keys of the actions that have frozen it. */
  frozen_by?: string[];
}

const schema = new Schema<AccountDocument>(
  {
    _id: { type: Number, required: true },
    group: String,
    name: String,
    email: String,
    country: String,
    enable: Schema.Types.Mixed,
    leverage: Number,
    customer_id: String,
    frozen: Boolean,
    frozen_reason: String,
    frozen_at: String,
    frozen_by: { type: [String], default: undefined },
    position: { type: { partition: String, offset: String }, default: undefined },
    ahead: Boolean,
    placements: { type: [Schema.Types.Mixed], default: undefined },
    version: Number,
    more: String,
    as_of: { type: Number, required: true },
    removed: { type: Boolean, required: true },
  },
  schemaOptions,
);
schema.index({ customer_id: 1 });

export function accountModel(connection: Connection): Model<AccountDocument> {
  return buildModel(connection, 'accounts', schema);
}

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
