import { describe, expect, it } from 'vitest';
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

  it('tells every mistake with its place', () => {
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

  it('tells that a file is no directory at all', () => {
    expect(readDirectoryFile([]).problems).toMatchObject([{ path: '' }]);
  });
});
