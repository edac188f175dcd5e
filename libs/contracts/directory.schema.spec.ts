import { describe, expect, it } from 'vitest';
import { builtInFields, fieldsWithStatuses } from '#libs/domain/context/fields.ts';
import { readDirectoryFile } from './directory.schema.ts';

describe('readDirectoryFile', () => {
  it('takes every kind, fills in what may be left out and keeps further fields of accounts and customers', () => {
    const { data } = readDirectoryFile({
      groups: [{ name: 'demo', brand: null }],
      accounts: [{ login: 1, group: 'demo', zip: '1000' }],
      customers: [{ id: 'C-1', loyalty_status_id: 3 }],
      managers: [{ id: 7, name: 'Mia' }],
      statuses: [{ id: 1, type: 'sales', code: 'new' }],
    });
    expect(data).toMatchObject({
      accounts: [{ zip: '1000' }],
      customers: [{ loyalty_status_id: 3 }],
      managers: [{ enabled: true }],
      teams: [],
    });
  });

  it('tells every issue with its place', () => {
    const { data, problems } = readDirectoryFile({
      groups: [{ name: 'demo' }],
      accounts: [{ login: '1', group: 'demo' }, { group: '' }],
      managers: [{ id: 0, name: 'Mia', role: 'x' }],
      people: [],
    });
    expect(data).toBeNull();
    expect(problems.map(({ path, message }) => `${path} ${message}`).sort()).toEqual([
      'accounts[0].login must be a whole number',
      'accounts[1].group must not be empty',
      'accounts[1].login is missing',
      'groups[0].brand is missing',
      'managers[0].id must be 1 or greater',
      'managers[0].role is not known here',
      'people is not known here',
    ]);
  });

  it('takes users and groups, with what belongs to the right of each', () => {
    const wrong = readDirectoryFile({
      users: [
        { id: 0, username: 'ann' },
        { id: 1.5, username: 'system' },
        { id: 3, username: 'bob ', role: 'ADMIN' },
      ],
      user_groups: [
        { code: 'a', name: 'A', right: 'folder_manager' },
        { code: 'b', name: 'B', right: 'supervisor', folders: ['x'] },
        { code: 'c', name: 'C', right: 'administrator', may_cancel: true },
        { code: 'd', name: 'D', right: 'owner' },
      ],
    });
    expect(wrong.problems.map(({ path }) => path)).toEqual([
      'users[0].id',
      'users[1].id',
      'users[1].username',
      'users[2].username',
      'users[2].role',
      'user_groups[0].folders',
      'user_groups[1].folders',
      'user_groups[2].may_cancel',
      'user_groups[3].right',
    ]);
    const user = { id: 7, username: 'ann' };
    const group = { code: 'a', name: 'A', right: 'supervisor', may_cancel: false, users: ['ann'] };
    expect(readDirectoryFile({ users: [user], user_groups: [group] }).data).toMatchObject({
      users: [{ ...user, enabled: true }],
      user_groups: [group],
    });
  });

  it('takes desks of either a team or a manager', () => {
    const named = { name: 'D' };
    const { data } = readDirectoryFile({
      desks: [
        { ...named, code: 'retention', team_id: 't' },
        { ...named, code: 'vip', manager_id: 7, brand: 'b' },
      ],
    });
    expect(data?.desks).toHaveLength(2);
    const desks = [
      { ...named, code: 'a' },
      { ...named, code: 'b', team_id: 't', manager_id: 7 },
    ];
    expect(readDirectoryFile({ desks }).problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'desks[0] must have either team_id or manager_id',
      'desks[1] must have either team_id or manager_id',
    ]);
  });

  it.each(['VIP level', 'vip.level', 'vip\tlevel', ' vip', 'x'.repeat(190), '\ud800'])(
    'R-161 refuses the status type %j, which can be no field',
    (type) => {
      const statuses = [{ id: 1, type, code: 'gold' }];
      expect(readDirectoryFile({ statuses }).problems).toEqual([
        {
          path: 'statuses[0].type',
          code: 'custom',
          message:
            'must be a name without blanks and dots, such as vip_level: rules read it as customer.vip_level_status_id',
        },
      ]);
      expect(fieldsWithStatuses(statuses)).toHaveLength(builtInFields.length);
    },
  );

  it('R-161 takes a status type in any script, and it becomes a field', () => {
    const { data } = readDirectoryFile({ statuses: [{ id: 1, type: 'nível-vip', code: 'ouro' }] });
    expect(fieldsWithStatuses(data?.statuses ?? []).map(({ path }) => path)).toContain('customer.nível-vip_status_id');
  });

  it('tells that a file is no directory at all', () => {
    expect(readDirectoryFile([]).problems).toMatchObject([{ path: '' }]);
  });

  it('tells where a record holds what the store would not keep as it is', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    const input: unknown = {
      groups: [{ name: 'a\0b', brand: '\ud800' }],
      accounts: [{ login: 1, group: 'demo', deep }],
      customers: [
        JSON.parse('{"id":"C-1","__proto__":{},"$set":1,"a.b":2,"":3,"more":{"a.b":"😀","\\udc00":[]}}'),
        { id: 'C-2', more: [{ text: 'b\udc00' }] },
      ],
    };
    expect(readDirectoryFile(input).problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'groups[0].name invalid_text',
      'groups[0].brand invalid_text',
      'accounts[0] too_deep',
      'customers[0].$set invalid_name',
      'customers[0]["a.b"] invalid_name',
      'customers[0][""] invalid_name',
      'customers[0].__proto__ invalid_name',
      'customers[0].more["\\udc00"] invalid_name',
      'customers[1].more[0].text invalid_text',
    ]);
  });
});
