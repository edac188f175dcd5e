/** Freezes accounts. Records of the trading platform that come later leave the freeze as it is. */
import type { Connection } from 'mongoose';
import type { FreezeOutcome } from '#libs/domain/directory/account-freeze.ts';
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import { findById } from '../mongo/by-id.ts';
import { storeText } from '../mongo/storable-text.ts';
import { accountModel } from './account.model.ts';
import type { DirectoryRevision } from './directory-revision.ts';

export function createAccountFreezes(
  connection: Connection,
  revision: DirectoryRevision,
): Pick<DirectoryActions, 'freezeAccounts'> {
  const accounts = accountModel(connection);

  const freeze = async (login: number, reason: string, at: string, key: string): Promise<keyof FreezeOutcome> => {
    const stored = await findById(accounts, login);
    if (stored?.removed !== false) return 'unknown';
    if (stored.frozen_by?.includes(key)) return 'frozen';
    const frozen = await accounts.updateOne(
      { _id: login, frozen: { $ne: true }, frozen_by: { $ne: key } },
      { $set: { frozen: true, frozen_reason: reason, frozen_at: at }, $push: { frozen_by: key } },
    );
    if (frozen.matchedCount === 1) return 'frozen';
    // Another writer was faster: perhaps another attempt of this action.
    const now = await findById(accounts, login);
    return now?.frozen_by?.includes(key) ? 'frozen' : 'already';
  };

  return {
    async freezeAccounts(logins, { reason, at }, key) {
      const outcome: FreezeOutcome = { frozen: [], already: [], unknown: [] };
      // A customer's logins come in no order; what is told of them is the same on every attempt.
      for (const login of logins.toSorted((a, b) => a - b)) {
        outcome[await freeze(login, storeText(reason), at, storeText(key))].push(login);
      }
      // Also on a repeated attempt: the one before may have died in between.
      if (outcome.frozen.length > 0) await revision.advance(outcome.frozen);
      return outcome;
    },
  };
}
