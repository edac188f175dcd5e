/** Who makes a change. */
import { userInfo } from 'node:os';

/** @param by what `--by` names; left out: the login name */
export function authorName(by: string | undefined): string {
  if (by !== undefined && by.trim() !== '') return by;
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name.
    return 'cli';
  }
}
