/** What event matching reads of the directory. */
import type { Connection } from 'mongoose';
import type { AccountHistory } from '#libs/domain/directory/account-history.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import { findByIds } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { collectionFor } from '../mongo/model.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';
import { accountModel, toAccount, toHistory } from './account.model.ts';
import { customerKey, customerModel, toCustomer } from './customer.model.ts';
import type { DirectoryRevision } from './directory-revision.ts';
import { groupModel } from './directory.models.ts';

/** @param maxAccounts of one customer that are looked at; with more, none is */
export function createDirectoryReader(
  connection: Connection,
  revision: DirectoryRevision,
  maxAccounts: number,
): DirectoryReader {
  // The driver's: the ingress reads here for every event.
  const accounts = collectionFor(accountModel(connection));
  const groups = collectionFor(groupModel(connection));
  const customers = collectionFor(customerModel(connection));

  /** One query for each customer: FerretDB looks up one value of a field quickly, and several by reading everything. */
  const linkedTo = async (id: string): Promise<AccountHistory[] | null> => {
    const documents = await accounts
      .find({ customer_id: storeText(id) })
      .limit(maxAccounts + 1)
      .toArray();
    if (documents.length > maxAccounts) return null;
    return documents.map(toHistory).sort((a, b) => a.login - b.login);
  };

  return {
    changes: (since) => revision.since(since),

    async accounts(logins) {
      const documents = await findByIds(accounts, logins);
      return present([...documents.values()].map(toAccount), (account) => account.login);
    },

    async accountHistories(logins) {
      const documents = await findByIds(accounts, logins);
      return new Map([...documents.values()].map((document) => [document._id, toHistory(document)]));
    },

    async groups(names) {
      const documents = await findByIds(groups, [...names].map(storeKey));
      return new Map([...documents.values()].map(({ name, brand }) => [name, { name, brand }]));
    },

    async customers(ids) {
      const documents = await findByIds(customers, [...ids].map(customerKey));
      return present([...documents.values()].map(toCustomer), (customer) => customer.id);
    },

    async customerAccounts(ids) {
      const wanted = [...new Set(ids)];
      const found = await mapLimited(wanted, linkedTo);
      return new Map(wanted.flatMap((id, index) => (found[index]?.length === 0 ? [] : [[id, found[index] ?? null]])));
    },
  };
}

function present<Key, Item>(items: (Item | null)[], keyOf: (item: Item) => Key): Map<Key, Item> {
  return new Map(items.filter((item) => item !== null).map((item) => [keyOf(item), item]));
}
