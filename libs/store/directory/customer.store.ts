/** Customers as an operator loads them: the given fields are set, and hold until the next event. */
import { isDeepStrictEqual } from 'node:util';
import type { Connection, QueryFilter } from 'mongoose';
import { toDay } from '#libs/domain/events/customer-activity.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import { createActivityLog } from '../events/customer-activity.repository.ts';
import { asRead } from '../mongo/as-read.ts';
import { findById, upsertOver } from '../mongo/by-id.ts';
import { storeText } from '../mongo/storable-text.ts';
import { accountModel } from './account.model.ts';
import { customerKey, customerModel, toCustomer, toCustomerFields, type CustomerDocument } from './customer.model.ts';
import { createRecordReads, toVersion, type RecordSource, type RecordStore } from './record.store.ts';

export function createCustomerStore(connection: Connection): RecordStore<Customer, { id: string }> {
  const accounts = accountModel(connection);
  const customers = customerModel(connection);
  const activity = createActivityLog(connection);
  const fields = Object.keys(customers.schema.paths).filter((path) => !['_id', 'changes', 'told_at'].includes(path));
  const source: RecordSource<CustomerDocument, Customer, { id: string }> = {
    model: customers,
    keys: 'string',
    key: ({ id }) => customerKey(id),
    toRecord: toCustomer,
  };

  const write = async (customer: Customer, filter: QueryFilter<CustomerDocument>): Promise<void> => {
    // What an operator says holds until the next event, whatever time the last one had.
    const update = { $set: toCustomerFields(customer), $unset: { told_at: '' }, $inc: { told: 1 } } as const;
    const { upsertedCount } = await customers.updateOne(filter, update, { upsert: true });
    // Silence is counted from here on.
    if (upsertedCount > 0) await activity.record([{ customerId: customer.id, day: toDay(new Date().toISOString()) }]);
  };

  /** An account that is not there yet keeps the link until it comes; until then it is not shown. */
  const linkLogins = async ({ id, logins = [] }: Customer): Promise<void> => {
    const link = {
      $set: { customer_id: storeText(id) },
      $setOnInsert: { as_of: 0, removed: true },
      $inc: { version: 1 },
    };
    for (const login of logins) await accounts.updateOne({ _id: login }, link, { upsert: true });
  };

  return {
    ...createRecordReads(source),

    async put(customer) {
      await write(customer, { _id: customerKey(customer.id) });
      await linkLogins(customer);
    },

    async putOver(customer, seen) {
      const _id = customerKey(customer.id);
      const stored = await findById(customers, _id);
      const isSame = stored !== null && isAsWanted(toCustomer(stored), customer);
      if (!isSame) {
        if ((stored && toVersion(source, stored)) !== seen) return 'conflict';
        const unchanged = asRead(stored ?? {}, fields);
        if (!(await upsertOver(customers, { ...unchanged, _id }, (filter) => write(customer, filter))))
          return 'conflict';
      }
      await linkLogins(customer);
      return isSame ? 'unchanged' : 'put';
    },
  };
}

function isAsWanted(known: Customer, { logins: _logins, ...wanted }: Customer): boolean {
  return isDeepStrictEqual(known, { ...known, ...wanted });
}
