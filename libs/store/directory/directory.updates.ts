/** What platform events change in the directory. Events of one login may come again, and late. */
import type { Connection, mongo } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { withoutFreeze } from '#libs/domain/directory/account-freeze.ts';
import { maxPlacements, type AccountPlacement } from '#libs/domain/directory/account-history.ts';
import type { AccountUpdate, DirectoryUpdates } from '#libs/domain/directory/directory.ts';
import { parseIsoTime } from '#libs/domain/values/iso-time.ts';
import { findById, insertOrFind } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { collectionFor } from '../mongo/model.ts';
import { toAccountFields, accountModel, legacyFields, type AccountDocument } from './account.model.ts';
import { createCustomerUpdates } from './customer.updates.ts';
import type { DirectoryRevision } from './directory-revision.ts';

export function createDirectoryUpdates(connection: Connection, revision: DirectoryRevision): DirectoryUpdates {
  // The driver's: every event of an account is written here.
  const accounts = collectionFor(accountModel(connection));

  /**
   * Writes the new state of a login, its customer included, unless a later one is stored. The revision is written
   * last: an attempt that dies in between is repeated from the event, and then finds what it has written.
   * @returns whether the account holds, or may hold, what the event says
   */
  const change = async (update: AccountUpdate): Promise<boolean> => {
    for (;;) {
      const stored = await findById(accounts, update.login);
      const order = stored === null ? 'later' : toOrder(update, stored);
      if (order !== 'later') return order === 'same';
      const next = toFields(update);
      const linkedBefore = stored?.customer_id ?? null;
      // A broker record that names no customer says nothing about the link; a removal ends it.
      const linked = update.account === null ? null : (next.customer_id ?? linkedBefore);
      if (await write(stored, update, { ...next, ...placementsAfter(stored, update, linked) }, linked)) return true;
      // Those who lost the same race do not run the next one side by side.
      await sleep(Math.random() * 5);
    }
  };

  const write = async (
    stored: AccountDocument | null,
    update: AccountUpdate,
    next: Partial<AccountDocument>,
    linked: string | null,
  ): Promise<boolean> => {
    const { login } = update;
    const version = (stored?.version ?? 0) + 1;
    const fields = { ...next, ...toStamp(update), version };
    if (stored === null) {
      return (await insertOrFind(accounts, [{ _id: login, ...fields } as AccountDocument])).size === 0;
    }
    const absent = [...legacyFields, ...(linked === null ? (['customer_id'] as const) : [])].filter(
      (field) => next[field] === undefined,
    );
    const change: mongo.UpdateFilter<AccountDocument> = {
      $set: fields,
      ...(absent.length > 0 && { $unset: Object.fromEntries(absent.map((field) => [field, ''] as const)) }),
    };
    const unchanged = stored.version === undefined ? { $exists: false } : stored.version;
    const filter = { _id: login, version: unchanged } as mongo.Filter<AccountDocument>;
    return (await accounts.updateOne(filter, change)).matchedCount === 1;
  };

  return {
    async changeAccounts(updates) {
      const byLogin = new Map<number, AccountUpdate[]>();
      for (const update of updates) {
        const earlier = byLogin.get(update.login);
        if (earlier === undefined) byLogin.set(update.login, [update]);
        else earlier.push(update);
      }
      const changed = await mapLimited([...byLogin.values()], async (ofLogin) => {
        let any = false;
        for (const update of ofLogin) any = (await change(update)) || any;
        return any ? [ofLogin[0]!.login] : [];
      });
      const logins = changed.flat();
      if (logins.length > 0) await revision.advance(logins);
      return logins;
    },

    changeCustomers: createCustomerUpdates(connection),
  };
}

/**
 * Where an event stands among the changes of its login: by its time, and among events of one partition whose times
 * cannot be trusted by their order in it. `same`: it is the one that was stored last.
 */
function toOrder(update: AccountUpdate, stored: AccountDocument): 'later' | 'same' | 'earlier' {
  const { position, isAhead = false } = update;
  if (position !== undefined && stored.position?.partition === position.partition) {
    const behind = BigInt(position.offset) - BigInt(stored.position.offset);
    if (behind === 0n) return 'same';
    if (behind < 0n) return 'earlier';
    if (isAhead || stored.ahead === true) return 'later';
  }
  return toMilliseconds(update) >= stored.as_of ? 'later' : 'earlier';
}

function toFields({ account }: AccountUpdate): Partial<AccountDocument> {
  if (account === null) return { removed: true };
  return { ...toAccountFields(withoutFreeze(account)), removed: false };
}

function toStamp(update: AccountUpdate): Partial<AccountDocument> {
  const { position, isAhead = false } = update;
  return { as_of: toMilliseconds(update), ahead: isAhead, ...(position !== undefined && { position }) };
}

/** Keeps where the account was when it goes elsewhere. */
function placementsAfter(
  stored: AccountDocument | null,
  update: AccountUpdate,
  linked: string | null,
): Pick<AccountDocument, 'placements'> {
  if (stored === null || stored.removed || stored.group === undefined) return {};
  const { group, customer_id, placements = [] } = stored;
  if (update.account?.group === group && linked === (customer_id ?? null)) return {};
  const until = toMilliseconds(update);
  const placement: AccountPlacement = { until, group, ...(customer_id !== undefined && { customer_id }) };
  return { placements: [...placements, placement].slice(-maxPlacements) };
}

/** Events are decoded with a valid time; an impossible one must not make an account immortal. */
function toMilliseconds({ occurredAt }: AccountUpdate): number {
  return parseIsoTime(occurredAt) ?? 0;
}
