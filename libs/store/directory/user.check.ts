/** What the directory refuses of users and user groups, beside what is stored. */
import type { DirectoryUser, UserGroup } from '#libs/domain/directory/directory-user.ts';
import { InvalidInputError, type Problem } from '#libs/domain/errors/errors.ts';

interface Given {
  users?: DirectoryUser[];
  user_groups?: UserGroup[];
}

export interface UserCheck {
  /** @throws InvalidInputError when two users would have one name, or a user is named who is not there */
  refuseUnfit(given: Given): Promise<void>;
}

export function createUserCheck(users: { all(): Promise<DirectoryUser[]> }): UserCheck {
  return {
    async refuseUnfit({ users: given = [], user_groups = [] }) {
      if (given.length === 0 && user_groups.length === 0) return;
      const stored = await users.all();
      const ids = new Map(stored.map(({ username, id }) => [username, id]));
      const replaced = new Set(given.map(({ id }) => id));
      const kept = stored.filter(({ id }) => !replaced.has(id));
      const names = new Set([...kept, ...given].map(({ username }) => username));
      const problems = [...takenNames(given, ids), ...strangers(given, user_groups, names)];
      if (problems.length > 0) throw new InvalidInputError('Nothing was stored.', problems);
    },
  };
}

/** Also where the other user is about to be renamed: the records are written one after the other. */
function takenNames(given: readonly DirectoryUser[], ids: ReadonlyMap<string, number>): Problem[] {
  return given.flatMap(({ id, username }, index) => {
    const path = `users[${index}].username`;
    const first = given.findIndex((other) => other.username === username);
    if (first !== index) return [{ path, code: 'username_taken', message: `is that of users[${first}], too` }];
    const holder = ids.get(username);
    if (holder === undefined || holder === id) return [];
    const message = `is that of user ${holder}: give that one another name first`;
    return [{ path, code: 'username_taken', message }];
  });
}

/** Names in a group or of a delegate that belong to no user. */
function strangers(
  users: readonly DirectoryUser[],
  groups: readonly UserGroup[],
  names: ReadonlySet<string>,
): Problem[] {
  const missing = (list: readonly string[], path: string): Problem[] =>
    list.flatMap((name, index) => {
      const message = 'is no user of the directory: add the user, here or before';
      return names.has(name) ? [] : [{ path: `${path}[${index}]`, code: 'unknown_user', message }];
    });
  return [
    ...users.flatMap(({ delegates = [] }, index) => missing(delegates, `users[${index}].delegates`)),
    ...groups.flatMap(({ users: members }, index) => missing(members, `user_groups[${index}].users`)),
  ];
}
