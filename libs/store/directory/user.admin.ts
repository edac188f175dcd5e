/** Users and user groups as an operator loads them into the directory and lists them. */
import type { Connection } from 'mongoose';
import type { DirectoryUser, UserGroup } from '#libs/domain/directory/directory-user.ts';
import { InvalidInputError, type Problem } from '#libs/domain/errors/errors.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { putDocument } from '../mongo/by-id.ts';
import { storeValue } from '../mongo/storable-text.ts';
import { toUser, toUserDocument, toUserGroup, toUserGroupDocument, userGroupModel, userModel } from './user.models.ts';

interface Given {
  users?: DirectoryUser[];
  user_groups?: UserGroup[];
}

interface UserAdmin {
  /** @throws InvalidInputError when two users would have one name, or somebody is named who is not there */
  refuseUnfit(given: Given): Promise<void>;
  put(given: Given): Promise<void>;
  /** In the order of their ids and codes. */
  listUsers(): Promise<DirectoryUser[]>;
  listGroups(): Promise<UserGroup[]>;
}

export function createUserAdmin(connection: Connection): UserAdmin {
  const users = userModel(connection);
  const groups = userGroupModel(connection);
  const listUsers = async (): Promise<DirectoryUser[]> => (await users.find().sort({ _id: 1 }).lean()).map(toUser);

  return {
    async refuseUnfit({ users: given = [], user_groups = [] }) {
      if (given.length === 0 && user_groups.length === 0) return;
      const stored = await listUsers();
      const ids = new Map(stored.map(({ username, id }) => [username, id]));
      const replaced = new Set(given.map(({ id }) => id));
      const kept = stored.filter(({ id }) => !replaced.has(id));
      const names = new Set([...kept, ...given].map(({ username }) => username));
      const problems = [...takenNames(given, ids), ...strangers(given, user_groups, names)];
      if (problems.length > 0) throw new InvalidInputError('Nothing was stored.', problems);
    },

    async put({ users: given = [], user_groups = [] }) {
      await mapLimited(given, (user) => putDocument(users, storeValue(toUserDocument(user))));
      await mapLimited(user_groups, (group) => putDocument(groups, storeValue(toUserGroupDocument(group))));
    },

    listUsers,
    listGroups: async () => (await groups.find().sort({ _id: 1 }).lean()).map(toUserGroup),
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

/** Whoever is named in a group or as a delegate, and is no user. */
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
