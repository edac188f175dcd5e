/** All names of a person, by the directory of managers and the API keys. */
import type { Connection } from 'mongoose';
import { SharedLook } from '#libs/async/shared-look.ts';
import { apiKeyOfUser, apiKeyUser } from '#libs/domain/access/api-key.ts';
import { goesBy, personNames } from '#libs/domain/access/person-names.ts';
import { createApiKeys } from './api-key.repository.ts';
import { managerModel, type ManagerDocument } from '../directory/directory.models.ts';
import { guarded } from '../mongo/store-error.ts';

export interface PersonNames {
  /**
   * The canonical name first. A key acts for its creator, so it is one of their names, too.
   * @param keys users that may be keys, as far as they matter. @throws RetryableError `store_unavailable`
   */
  namesOf(userId: string, keys?: readonly string[]): Promise<string[]>;
}

export function createPersonNames(connection: Connection): PersonNames {
  const managers = managerModel(connection);
  const apiKeys = createApiKeys(connection);
  let known: Pick<ManagerDocument, 'id' | 'email'>[] = [];
  // A page of approvals asks for each of its rows.
  const look = new SharedLook(async () => {
    known = await managers.find({}, { id: 1, email: 1 }).lean();
  });

  return guarded<PersonNames>({
    async namesOf(userId, keys = []) {
      await look.refresh();
      const names = personNames(userId, known);
      const ids = [...new Set(keys.flatMap((user) => apiKeyOfUser(user) ?? []))];
      const found = await Promise.all(ids.map((id) => apiKeys.get(id)));
      const own = found.flatMap((key) =>
        key !== null && goesBy({ userId, names }, key.created_by) ? [apiKeyUser(key.api_key_id)] : [],
      );
      return [...names, ...own];
    },
  });
}
