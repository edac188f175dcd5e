/** Changes that actions make to customers: each once for its key, and each remembered with what it replaced. */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { CustomerChange } from '#libs/domain/directory/customer-change.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { customerNotFound } from '#libs/domain/directory/not-found.ts';
import { asRead } from '../mongo/as-read.ts';
import { findById } from '../mongo/by-id.ts';
import { collectionFor } from '../mongo/model.ts';
import { storeValue } from '../mongo/storable-text.ts';
import { customerKey, customerModel, type CustomerDocument } from './customer.model.ts';

/**
 * Changes remembered for each customer. An attempt repeats within minutes, so the oldest of this many effects on one
 * customer can be forgotten.
 */
const rememberedChanges = 64;

/** Each lost race means another writer was faster: this many in a row are a fault. */
const maxRounds = 50;

export type ChangeCustomer = (
  customerId: string,
  key: string,
  /** The wanted values, given the customer; not asked when an earlier attempt has made the change. */
  wanted: (customer: CustomerDocument) => Promise<Partial<CustomerDocument>> | Partial<CustomerDocument>,
) => Promise<CustomerChange | null>;

/**
 * @returns a function that changes a customer by one store write: the change this key has made, now or earlier, or
 * null when everything is as wanted. Only a change is remembered: a key that found nothing to do may find something
 * later. It throws PermanentError `customer_not_found`, RetryableError `customer_busy` or what `wanted` throws.
 */
export function createCustomerChanges(connection: Connection): ChangeCustomer {
  // The driver's: a model would cast what was read, and what is cast may not be what is stored.
  const customers = collectionFor(customerModel(connection));

  return async (customerId, key, wanted) => {
    const _id = customerKey(customerId);
    const mark = toMark(key);
    for (let round = 0; round < maxRounds; round += 1) {
      const customer = await findById(customers, _id);
      if (customer === null) throw customerNotFound(customerId);
      const made = customer.changes?.[mark];
      if (made !== undefined) return made;
      const to = storeValue(await wanted(customer));
      const from = toValues(customer, to);
      if (Object.entries(to).every(([field, value]) => from[field] === value)) return null;
      const change: CustomerChange = { at: new Date().toISOString(), from, to };
      const { matchedCount } = await customers.updateOne(
        // What it replaces is what was read, and another attempt under the same key has not come first.
        { _id, [`changes.${mark}`]: { $exists: false }, ...asRead(customer, Object.keys(to)) },
        { $set: { ...to, [`changes.${mark}`]: change }, ...forgetting(customer) },
      );
      if (matchedCount === 1) return change;
    }
    throw new RetryableError('customer_busy', `Customer ${customerId} is being changed by many at once`);
  };
}

/** Names a member of a document: keys hold dots. */
function toMark(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

type Values = Record<string, unknown>;

function toValues(customer: CustomerDocument, fields: object): Values {
  const values = customer as unknown as Values;
  return Object.fromEntries(
    Object.keys(fields).flatMap((field) => (values[field] === undefined ? [] : [[field, values[field]]])),
  );
}

/** Takes the oldest changes out together with the next write. */
function forgetting({ changes = {} }: CustomerDocument): { $unset?: Record<string, ''> } {
  const marks = Object.keys(changes);
  if (marks.length < rememberedChanges * 2) return {};
  const byAge = marks.sort((a, b) => ((changes[a]?.at ?? '') < (changes[b]?.at ?? '') ? -1 : 1));
  const oldest = byAge.slice(0, 1 - rememberedChanges);
  return { $unset: Object.fromEntries(oldest.map((mark) => [`changes.${mark}`, ''])) };
}
