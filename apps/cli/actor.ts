/** Who acts. Operators are trusted to say so; the run records it, and decides whether they may. */
import { Option } from '@commander-js/extra-typings';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import type { Person } from '#libs/domain/approvals/approval.ts';
import { authorName } from './author-name.ts';

export const asOption = new Option('--as <user>', 'who does it (default: your login name)');
const role = (usual: string) => new Option('--role <role>', `(default: ${usual})`).choices(managerRoles);
export const answererRole = role('none, which is enough for who was asked by name');
export const operatorRole = role('SESSION_ADMIN, the only one that may');

interface Given {
  as?: string | undefined;
  role?: Person['role'] | undefined;
}

/** @param usual role when none is given. @throws UsageError for what cannot be a name */
export function readActor({ as: name, role: given }: Given, usual: '' | 'SESSION_ADMIN'): Person {
  return { userId: authorName(name), role: given ?? usual };
}
