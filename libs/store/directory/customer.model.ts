/** `customers`, `_id` = customer id. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { CustomerChange } from '#libs/domain/directory/customer-change.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import { Mixed, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';
import { joinMore, splitMore } from './more-fields.ts';

/** Fields conditions and actions know; all others of a customer are in `more`. */
const known = {
  id: required(String),
  country: optional(String),
  language: optional(String),
  email: optional(String),
  kyc_status: optional(String),
  kyc_status_id: optional<string | number>(Mixed),
  kyc_current_level: optional(Number),
  risk_level: optional<string | number>(Mixed),
  sales_status: optional(String),
  sales_status_id: optional<string | number>(Mixed),
  retention_status: optional(String),
  active: optional(Boolean),
  assigned_manager_id: optional(Number),
  team_id: optional<string | null>(String),
  desk: optional<string | null>(String),
  manager_id: optional(Number),
  brand: optional(String),
};

const schema = Schema.create(
  {
    _id: required(String),
    ...known,
    /** JSON text; see `more-fields.ts`. */
    more: optional(String),
    /** When events told each field that they have told, in milliseconds since 1970. */
    told_at: optional<Record<string, number>>(Mixed),
    /** +1 with each change by an event. */
    told: optional(Number),
    /** What actions changed last, by their marks; see `customer-changes.ts`. */
    changes: optional<Record<string, CustomerChange>>(Mixed),
  },
  schemaOptions,
);
export type CustomerDocument = InferRawDocTypeFromSchema<typeof schema>;

export const customerModel = defineModel('customers', schema);

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
