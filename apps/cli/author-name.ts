/** Who makes a change. */
import { userInfo } from 'node:os';
import { userIdIssue } from '#libs/domain/access/user.ts';
import { UsageError } from './cli-error.ts';

/**
 * @param by what `--by` or `--as` names; left out: the login name, under sudo that of who called it
 * @throws UsageError for what cannot be a name, and where there is none
 */
export function authorName(by: string | undefined): string {
  const name = by ?? loginName();
  if (name === null) throw new UsageError('this machine does not know your name: say who you are with --by or --as');
  const issue = userIdIssue(name);
  if (issue !== null) throw new UsageError(`a name ${issue}: say who you are`);
  return name;
}

/** Of the operating system, whatever was given; null where it has none, as for a user of a container. */
export function loginName(): string | null {
  const before = process.env['SUDO_USER'];
  if (before !== undefined && before !== '') return before;
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
