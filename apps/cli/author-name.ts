/** Who makes a change. */
import { userInfo } from 'node:os';
import { apiKeyOfUser } from '#libs/domain/api-key.ts';
import { longestUserId } from '#libs/domain/user.ts';
import { UsageError } from './cli-error.ts';

/** @param by what `--by` or `--as` names; left out: the login name. @throws UsageError for what cannot be a name */
export function authorName(by: string | undefined): string {
  if (by === undefined || by.trim() === '') return loginName();
  if (by.length > longestUserId || /[\p{Cc}\p{Cs}]/u.test(by)) {
    throw new UsageError(`a name must be a line of at most ${longestUserId} characters`);
  }
  if (apiKeyOfUser(by) !== null) throw new UsageError(`"${by}" is the name of an API key: say who you are`);
  return by;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name.
    return 'cli';
  }
}
