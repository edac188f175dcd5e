/** The names of a person by the directory of managers, as every question about entitlement needs them. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPersonNames } from '#libs/store/access/person-names.reader.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { managerModel } from '#libs/store/directory/directory.models.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const ada = { id: 1, name: 'Ada', email: 'ada@acme.example', enabled: true };

describe('names of persons', () => {
  it('read the managers at most twice for all who ask at once, and show each what stood when it asked', async () => {
    const directory = createDirectory(store.connection);
    const names = createPersonNames(store.connection);
    await directory.load({ managers: [ada] });
    const reads = vi.spyOn(managerModel(store.connection), 'find');

    const early = Array.from({ length: 50 }, () => names.namesOf('1'));
    expect(new Set((await Promise.all(early)).map(String))).toEqual(new Set(['1,ada@acme.example']));
    expect(reads).toHaveBeenCalledTimes(2);

    const before = names.namesOf('1');
    await directory.load({ managers: [{ ...ada, email: 'countess@acme.example' }] });
    expect(await names.namesOf('1')).toEqual(['1', 'countess@acme.example']);
    expect((await before)[0]).toBe('1');
  });
});
