/** Accounts as an operator loads them: the given fields are set, and hold until the next event. */
import { isDeepStrictEqual } from 'node:util';
import type { Connection, QueryFilter } from 'mongoose';
import type { Account } from '#libs/domain/directory/account.ts';
import { asRead } from '../mongo/as-read.ts';
import { findById, upsertOver } from '../mongo/by-id.ts';
import { accountModel, toAccount, toAccountFields, type AccountDocument } from './account.model.ts';
import { createRecordReads, toVersion, type RecordSource, type RecordStore } from './record.store.ts';

export function createAccountStore(connection: Connection): RecordStore<Account, { login: number }> {
  const accounts = accountModel(connection);
  const source: RecordSource<AccountDocument, Account, { login: number }> = {
    model: accounts,
    keys: 'number',
    key: ({ login }) => login,
    toRecord: toAccount,
  };

  const write = (account: Account, filter: QueryFilter<AccountDocument>) =>
    accounts.updateOne(
      filter,
      {
        // What an operator says holds until the next event, whatever time the last one claimed.
        $set: { ...toAccountFields(account), removed: false, as_of: 0, ahead: false },
        $unset: { placements: '' },
        $inc: { version: 1 },
      },
      { upsert: true },
    );

  return {
    ...createRecordReads(source),

    async put(account) {
      await write(account, { _id: account.login });
    },

    async putOver(account, seen) {
      const stored = await findById(accounts, account.login);
      const known = stored && toAccount(stored);
      if (known !== null && isDeepStrictEqual(known, { ...known, ...account })) return 'unchanged';
      if ((known === null ? null : toVersion(source, stored!)) !== seen) return 'conflict';
      // A freeze does not count as another version.
      const unchanged = asRead(stored ?? {}, ['version', 'frozen', 'removed']);
      const isPut = await upsertOver(accounts, { _id: account.login, ...unchanged }, (filter) =>
        write(account, filter),
      );
      return isPut ? 'put' : 'conflict';
    },
  };
}
