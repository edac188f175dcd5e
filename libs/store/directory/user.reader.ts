/** What incoming webhooks read of users and their groups: each time, so that a change counts from then on. */
import type { Connection } from 'mongoose';
import type { UserReader } from '#libs/domain/directory/directory-user.ts';
import { findById } from '../mongo/by-id.ts';
import { storeText } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';
import { toUser, toUserGroup, userGroupModel, userModel } from './user.models.ts';

export function createUserReader(connection: Connection): UserReader {
  const users = userModel(connection);
  const groups = userGroupModel(connection);

  return guarded<UserReader>({
    async userByName(username) {
      const document = await users.findOne({ username: storeText(username) }).lean();
      return document && toUser(document);
    },

    async userById(id) {
      const document = await findById(users, id);
      return document && toUser(document);
    },

    async groupsOf(username) {
      const found = await groups.find({ users: storeText(username) }).lean();
      return found.map(toUserGroup);
    },
  });
}
