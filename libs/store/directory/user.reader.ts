/** What incoming webhooks read of users and their groups: each time, so that a change counts from then on. */
import type { Connection } from 'mongoose';
import type { DirectoryUser, UserReader } from '#libs/domain/directory/directory-user.ts';
import { findById } from '../mongo/by-id.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { storeText } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';
import { toUser, toUserGroup, userGroupModel, userModel } from './user.models.ts';

export interface UserLists extends UserReader {
  /** By number. @param username the only one. @throws InvalidInputError for a wrong cursor */
  list(username: string | undefined, page: PageRequest): Promise<Page<DirectoryUser>>;
}

export function createUserReader(connection: Connection): UserLists {
  const users = userModel(connection);
  const groups = userGroupModel(connection);

  return guarded<UserLists>({
    async userByName(username) {
      const document = await users.findOne({ username: storeText(username) }).lean();
      return document && toUser(document);
    },

    async userById(id) {
      const document = await findById(users, id);
      return document && toUser(document);
    },

    async groupsOf(username) {
      const found = await groups
        .find({ users: storeText(username) })
        .sort({ _id: 1 })
        .lean();
      return found.map(toUserGroup);
    },

    async list(username, page) {
      const filter = username === undefined ? {} : { username: storeText(username) };
      const query = { filter, sort: { _id: 1 }, types: ['number'] } as const;
      const { items, nextCursor } = await readPage(users, query, page);
      return { items: items.map(toUser), nextCursor };
    },
  });
}
