/** Who acts. Operators are trusted to say so; the run records it, and decides whether they may. */
import { managerRoles } from '#libs/contracts/session.schema.ts';
import type { Person } from '#libs/domain/approvals/approval.ts';
import { authorName } from './author-name.ts';
import { readOneOf } from './command.ts';

export const actorOptions = { as: { type: 'string' }, role: { type: 'string' } } as const;

const roles = managerRoles.join(', ');

export const answererHelp = `
  --as USER      who answers (default: your login name)
  --role ROLE    ${roles}
                 (default: none, which is enough for who was asked by name)`;

export const operatorHelp = `
  --as USER      who does it (default: your login name)
  --role ROLE    ${roles}
                 (default: SESSION_ADMIN, the only one that may)`;

interface Given {
  as?: string | undefined;
  role?: string | undefined;
}

/** @param usual role when none is given. @throws UsageError for a role there is not */
export function readActor({ as: name, role }: Given, usual: '' | 'SESSION_ADMIN'): Person {
  return { userId: authorName(name), role: role === undefined ? usual : readOneOf('--role', role, managerRoles) };
}
