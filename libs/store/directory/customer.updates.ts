/** What platform events say of how customers are now. An event may come again, and later than one that is newer. */
import type { Connection, mongo } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CustomerUpdate } from '#libs/domain/directory/directory.ts';
import { parseIsoTime } from '#libs/domain/values/iso-time.ts';
import { asRead } from '../mongo/as-read.ts';
import { findById, insertOrFind } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { collectionFor } from '../mongo/model.ts';
import { toCustomerFields, customerKey, customerModel, type CustomerDocument } from './customer.model.ts';

export type ChangeCustomers = (updates: readonly CustomerUpdate[]) => Promise<void>;

export function createCustomerUpdates(connection: Connection): ChangeCustomers {
  // The driver's: every event of a customer is written here, over values that have to be as they were read.
  const customers = collectionFor(customerModel(connection));

  const change = async (update: CustomerUpdate): Promise<void> => {
    const _id = customerKey(update.customerId);
    const asOf = parseIsoTime(update.occurredAt) ?? 0;
    for (;;) {
      const stored = await findById(customers, _id);
      const fields = stored === null ? update.fields : newerThan(stored, update.fields, asOf);
      if (stored !== null && Object.keys(fields).length === 0) return;
      if (stored === null) {
        const document = { _id, ...toDocument(null, update.customerId, fields, asOf) };
        if ((await insertOrFind(customers, [document])).size === 0) return;
      } else if (await write(stored, toDocument(stored, update.customerId, fields, asOf))) return;
      // Those who lost the same race do not run the next one side by side.
      await sleep(Math.random() * 5);
    }
  };

  /** An action changes a customer without counting: what it may have changed has to be as it was read. */
  const write = async (stored: CustomerDocument, next: Omit<CustomerDocument, '_id'>): Promise<boolean> => {
    const fields = [...Object.keys(next).filter((field) => field !== 'told_at'), 'told'];
    const filter = { ...asRead(stored, fields), _id: stored._id } as mongo.Filter<CustomerDocument>;
    const result = await customers.updateOne(filter, { $set: next });
    return result.matchedCount === 1;
  };

  return async (updates) => {
    const byCustomer = new Map<string, CustomerUpdate[]>();
    for (const update of updates) {
      const earlier = byCustomer.get(update.customerId);
      if (earlier === undefined) byCustomer.set(update.customerId, [update]);
      else earlier.push(update);
    }
    await mapLimited([...byCustomer.values()], async (ofCustomer) => {
      for (const update of ofCustomer) await change(update);
    });
  };
}

type Fields = CustomerUpdate['fields'];

/** Without what a later event or an action has set. */
function newerThan({ told_at = {}, changes = {} }: CustomerDocument, fields: Fields, asOf: number): Fields {
  const byActions = new Map<string, number>();
  for (const { at, to } of Object.values(changes)) {
    const time = parseIsoTime(at) ?? 0;
    for (const field of Object.keys(to)) byActions.set(field, Math.max(byActions.get(field) ?? 0, time));
  }
  const isNewer = (field: string): boolean => (told_at[field] ?? 0) <= asOf && (byActions.get(field) ?? 0) <= asOf;
  return Object.fromEntries(Object.entries(fields).filter(([field]) => isNewer(field)));
}

function toDocument(
  stored: CustomerDocument | null,
  id: string,
  fields: Fields,
  asOf: number,
): Omit<CustomerDocument, '_id'> {
  const { more, ...known } = toCustomerFields({ ...fields, id });
  const merged = { ...(JSON.parse(stored?.more ?? '{}') as object), ...(JSON.parse(more ?? '{}') as object) };
  const told_at = { ...stored?.told_at, ...Object.fromEntries(Object.keys(fields).map((field) => [field, asOf])) };
  const text = JSON.stringify(merged);
  return { ...known, ...(text !== '{}' && { more: text }), told_at, told: (stored?.told ?? 0) + 1 };
}
