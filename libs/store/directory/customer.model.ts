/** `customers`, `_id` = customer id. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { CustomerChange } from '#libs/domain/directory/customer-change.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';
import { joinMore, splitMore, type MoreFields } from './more-fields.ts';

/** Fields conditions and actions know; all others of a customer are in `more`. */
const known = [
  'id',
  'country',
  'language',
  'email',
  'kyc_status',
  'kyc_status_id',
  'kyc_current_level',
  'risk_level',
  'sales_status',
  'sales_status_id',
  'retention_status',
  'active',
  'assigned_manager_id',
  'team_id',
  'desk',
  'manager_id',
  'brand',
] as const satisfies (keyof Customer)[];

type Known = Pick<Customer, (typeof known)[number]>;

export interface CustomerDocument extends Known, MoreFields {
  _id: string;
  /** When events told each field that they have told, in milliseconds since 1970. */
  told_at?: Record<string, number>;
  /** +1 with each change by an event. */
  told?: number;
  /** What actions changed last, by their marks; see `customer-changes.ts`. */
  changes?: Record<string, CustomerChange>;
}

const text = { type: String };
const textOrNumber = { type: Schema.Types.Mixed };
const schema = new Schema<CustomerDocument>(
  {
    _id: { type: String, required: true },
    id: text,
    country: text,
    language: text,
    email: text,
    kyc_status: text,
    kyc_status_id: textOrNumber,
    kyc_current_level: Number,
    risk_level: textOrNumber,
    sales_status: text,
    sales_status_id: textOrNumber,
    retention_status: text,
    active: Boolean,
    assigned_manager_id: Number,
    team_id: text,
    desk: text,
    manager_id: Number,
    brand: text,
    more: text,
    told_at: Schema.Types.Mixed,
    told: Number,
    changes: Schema.Types.Mixed,
  },
  schemaOptions,
);

export function customerModel(connection: Connection): Model<CustomerDocument> {
  return buildModel(connection, 'customers', schema);
}

/** The fields a customer gives; which `logins` it has is kept with the accounts. */
export function toCustomerFields(customer: Customer): Omit<CustomerDocument, '_id'> {
  const { logins: _logins, ...given } = customer;
  const { fields, more } = splitMore(given, known);
  return { ...storeValue(fields), id: customer.id, ...(more !== '{}' && { more }) };
}

export function customerKey(id: string): string {
  return storeKey(id);
}

export function toCustomer(document: CustomerDocument): Customer {
  const { _id, changes: _changes, told_at: _toldAt, told: _told, ...rest } = document;
  return joinMore(rest) as Customer;
}
