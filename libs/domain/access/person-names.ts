/**
 * A person is known by several names: a manager of the directory signs in with the id or the e-mail address, and an API
 * key acts for its creator. What is about one person (answering once, not approving one's own run) holds for all
 * of these names.
 */
import type { Manager } from '../directory/directory.ts';

/** Who is in a session. */
interface Named {
  userId: string;
  /** The canonical one first; absent: `userId` is the only one. */
  names?: string[] | undefined;
}

/** A manager as far as names go. */
export type NamedManager = Pick<Manager, 'id' | 'email'>;

/** The names under which a manager signs in: the id as text, and the e-mail address. */
export function namesOfManager({ id, email }: NamedManager): string[] {
  return email === undefined || email === '' ? [String(id)] : [String(id), email];
}

/** Whether two names are one. E-mail addresses differ in no letter's case. */
export function isSameName(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** Whether the person is called so. */
export function goesBy({ userId, names = [userId] }: Named, name: string): boolean {
  return [userId, ...names].some((own) => isSameName(own, name));
}

/** The name that stays the same, whatever name the person signs in with. */
export function canonicalName({ userId, names }: Named): string {
  return names?.[0] ?? userId;
}

/**
 * All names of the person a session names, the canonical one first. Managers who share a name count as one person: as two
 * approvers they could not be told apart.
 * @param managers of the directory, also those who are not enabled
 */
export function personNames(userId: string, managers: readonly NamedManager[]): string[] {
  const names = new Set([comparable(userId)]);
  const found = new Set<NamedManager>();
  for (let before = -1; found.size !== before;) {
    before = found.size;
    for (const manager of managers) {
      const own = namesOfManager(manager).map(comparable);
      if (found.has(manager) || !own.some((name) => names.has(name))) continue;
      found.add(manager);
      own.forEach((name) => names.add(name));
    }
  }
  const known = [...found].sort((one, other) => one.id - other.id).flatMap(namesOfManager);
  return [...new Set([...known, userId, ...names])];
}

function comparable(name: string): string {
  return name.includes('@') ? name.trim().toLowerCase() : name;
}
