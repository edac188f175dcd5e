/** Users and user groups of the directory, as incoming webhooks read them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DirectoryUser, UserGroup, UserReader } from '#libs/domain/directory/directory-user.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createUserReader } from '#libs/store/directory/user.reader.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let directory: Directory;
let reader: UserReader;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  directory = createDirectory(store.connection);
  reader = createUserReader(store.connection);
});
afterAll(() => store.drop());

const user = (id: number, username: string, more: Partial<DirectoryUser> = {}): DirectoryUser => ({
  id,
  username,
  enabled: true,
  ...more,
});
const group = (code: string, users: string[], more: Partial<UserGroup> = {}): UserGroup => ({
  code,
  name: code,
  right: 'supervisor',
  users,
  ...more,
});
const problems = (users: DirectoryUser[], user_groups: UserGroup[] = []) =>
  directory.load({ users, user_groups }).then(
    () => [],
    (error: { problems: { path: string; message: string }[] }) =>
      error.problems.map(({ path, message }) => `${path} ${message}`),
  );

describe('users of the directory', () => {
  it('are found by name and by id, with their groups', async () => {
    const ann = user(1, 'ann', { brands: ['oak'], role: 'SESSION_DEALER', delegates: ['bob'], email: 'a@b.example' });
    const bob = user(2, 'bob', { enabled: false });
    const groups = [
      group('a', ['ann', 'bob'], { may_cancel: true }),
      group('b', ['bob']),
      group('c', ['ann'], { right: 'folder_manager', folders: ['payments'] }),
    ];
    await directory.load({ users: [ann, bob], user_groups: groups });
    expect(await reader.userByName('ann')).toEqual(ann);
    expect(await reader.userById(2)).toEqual(bob);
    expect((await reader.groupsOf('ann')).map(({ code }) => code).sort()).toEqual(['a', 'c']);
    expect(await reader.groupsOf('bob')).toEqual([groups[0], groups[1]]);
    expect(await directory.listAll('users')).toEqual([ann, bob]);
    expect(await directory.listAll('user_groups')).toEqual(groups);
  });

  it('are none where there are none, and names are compared exactly', async () => {
    await directory.load({ users: [user(3, 'Cat')] });
    expect(await reader.userByName('cat')).toBeNull();
    expect(await reader.userByName('Ca')).toBeNull();
    expect(await reader.userById(99)).toBeNull();
    expect(await reader.groupsOf('nobody')).toEqual([]);
  });

  it('have a name each, in the store and in the load', async () => {
    await directory.load({ users: [user(10, 'dan')] });
    expect(await problems([user(11, 'dan')])).toEqual([
      'users[0].username is that of user 10: give that one another name first',
    ]);
    expect(await problems([user(12, 'eve'), user(13, 'eve')])).toEqual(['users[1].username is that of users[0], too']);
    expect(await reader.userByName('eve')).toBeNull();
    await directory.load({ users: [user(10, 'daniel')] });
    await directory.load({ users: [user(11, 'dan')] });
    expect(await reader.userByName('dan')).toMatchObject({ id: 11 });
  });

  it('are members and delegates only where they are there, or are loaded along', async () => {
    expect(await problems([user(20, 'fay', { delegates: ['gus'] })], [group('d', ['fay', 'hal'])])).toEqual([
      'users[0].delegates[0] is no user of the directory: add the user, here or before',
      'user_groups[0].users[1] is no user of the directory: add the user, here or before',
    ]);
    expect(await reader.userByName('fay')).toBeNull();
    expect(await problems([user(20, 'fay'), user(21, 'hal')], [group('d', ['fay', 'hal'])])).toEqual([]);
    expect(await problems([user(21, 'harold')], [group('d', ['hal'])])).toHaveLength(1);
  });
});
