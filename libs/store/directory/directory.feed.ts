/** What platform events change in the directory. Events of one login may come again, and late. */
import type { Connection, mongo } from 'mongoose';
import { withoutFreeze } from '#libs/domain/account-freeze.ts';
import type { Account, DirectoryFeed } from '#libs/domain/directory.ts';
import { parseIsoTime } from '#libs/domain/iso-time.ts';
import { findById, insertOrFind, upsertOver } from '../by-id.ts';
import { collectionOf } from '../model.ts';
import { createMoveLogin } from './account-links.ts';
import { accountFieldsOf, accountModel, replacedFields, type AccountDocument } from './account.model.ts';
import { customerFieldsOf, customerKey, customerModel } from './customer.model.ts';
import type { DirectoryRevision } from './directory-revision.ts';

export function createDirectoryFeed(connection: Connection, revision: DirectoryRevision): DirectoryFeed {
  const accounts = collectionOf(accountModel(connection));
  const customers = collectionOf(customerModel(connection));
  const moveLogin = createMoveLogin(connection);

  /**
   * Writes the new state of a login unless a later one is stored. The customer's side is written first and the
   * revision last: an attempt that dies in between is repeated from the event, and then still sees the old link.
   */
  const change = async (login: number, asOf: number, next: Partial<AccountDocument>): Promise<number> => {
    const stored = await findById(accounts, login);
    if (stored !== null && stored.as_of > asOf) return revision.current();
    const linkedBefore = stored?.customer_id ?? null;
    // A broker record that names no customer says nothing about the link; a removal ends it.
    const linked = next.removed ? null : (next.customer_id ?? linkedBefore);
    await moveLogin(login, linkedBefore, linked);

    const absent = [...replacedFields, ...(linked === null ? (['customer_id'] as const) : [])].filter(
      (field) => next[field] === undefined,
    );
    const update: mongo.UpdateFilter<AccountDocument> = {
      $set: { ...next, as_of: asOf },
      ...(absent.length > 0 && { $unset: Object.fromEntries(absent.map((field) => [field, ''] as const)) }),
    };
    const isWritten = await upsertOver(accounts, { _id: login, as_of: { $lte: asOf } }, (earlier) =>
      accounts.updateOne(earlier, update, { upsert: true }),
    );
    // A later change was stored just now.
    if (!isWritten) return revision.current();
    return revision.advance();
  };

  return {
    putAccount: (account: Account, occurredAt) =>
      change(account.login, millisecondsOf(occurredAt), { ...accountFieldsOf(withoutFreeze(account)), removed: false }),

    removeAccount: (login, occurredAt) => change(login, millisecondsOf(occurredAt), { removed: true }),

    async addCustomer(customer) {
      const key = customerKey(customer.id);
      const fields = customerFieldsOf(customer);
      const stored = await insertOrFind(customers, [{ _id: key, ...fields }], { stub: 1 });
      // Known by its accounts only: now it is known by itself.
      if (stored.get(0)?.stub) {
        await customers.updateOne({ _id: key, stub: true }, { $set: fields, $unset: { stub: '' } });
      }
    },
  };
}

/** Events are decoded with a valid time; an impossible one must not make an account immortal. */
function millisecondsOf(occurredAt: string): number {
  return parseIsoTime(occurredAt) ?? 0;
}
