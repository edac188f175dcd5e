/** What event matching reads of the directory. */
import type { Connection } from 'mongoose';
import type { DirectoryReader } from '#libs/domain/directory.ts';
import { findByIds } from '../by-id.ts';
import { collectionOf } from '../model.ts';
import { storeKey } from '../store-text.ts';
import { accountModel, accountOf, historyOf } from './account.model.ts';
import { customerKey, customerModel, customerOf } from './customer.model.ts';
import type { DirectoryRevision } from './directory-revision.ts';
import { groupModel } from './directory.models.ts';

export function createDirectoryReader(connection: Connection, revision: DirectoryRevision): DirectoryReader {
  const accounts = collectionOf(accountModel(connection));
  const groups = collectionOf(groupModel(connection));
  const customers = collectionOf(customerModel(connection));

  return {
    changes: (since) => revision.since(since),

    async accounts(logins) {
      const documents = await findByIds(accounts, logins);
      return present([...documents.values()].map(accountOf), (account) => account.login);
    },

    async accountHistories(logins) {
      const documents = await findByIds(accounts, logins);
      return new Map([...documents.values()].map((document) => [document._id, historyOf(document)]));
    },

    async groups(names) {
      const documents = await findByIds(groups, [...names].map(storeKey));
      return new Map([...documents.values()].map(({ name, brand }) => [name, { name, brand }]));
    },

    async customers(ids) {
      const documents = await findByIds(customers, [...ids].map(customerKey));
      return present([...documents.values()].map(customerOf), (customer) => customer.id);
    },
  };
}

function present<Key, Item>(items: (Item | null)[], keyOf: (item: Item) => Key): Map<Key, Item> {
  return new Map(items.filter((item) => item !== null).map((item) => [keyOf(item), item]));
}
