/** Data of requests in the real store. */
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maxDataLength, type RunData } from '#libs/domain/context/run-data.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRunData, rememberedKeys, runDataModel } from '#libs/store/runs/run-data.repository.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let other: Connection;

beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  other = await connectStore(store.uri);
});
afterAll(async () => {
  await other.close();
  await store.drop();
});

const data = () => createRunData(store.connection);

it('R-242 sets the values given and leaves the others, of this request alone', async () => {
  const [run, another] = [uniqueName('run'), uniqueName('run')];
  const file = {
    file_id: 'f/1',
    name: 'a.pdf',
    content_type: 'application/pdf',
    size: 5,
    description: null,
    updated_at: null,
  };
  await data().save(run, { COMPANY: 'Example Ltd', AMOUNT: 1.5, CONTRACT: file }, 'one');
  await data().save(run, { AMOUNT: 0, DUE: '2026-11-21T09:30:00.000Z', COMPANY: null }, 'two');
  expect(await data().changes(run)).toEqual({
    COMPANY: null,
    AMOUNT: 0,
    CONTRACT: file,
    DUE: '2026-11-21T09:30:00.000Z',
  });
  expect(await data().changes(another)).toEqual({});
});

it('changes nothing when the same is saved again, also after others', async () => {
  const run = uniqueName('run');
  await data().save(run, { AMOUNT: 1 }, 'one');
  await data().save(run, { AMOUNT: 2 }, 'two');
  await data().save(run, { AMOUNT: 1 }, 'one');
  expect(await data().changes(run)).toEqual({ AMOUNT: 2 });
});

it('remembers the latest keys alone', async () => {
  const run = uniqueName('run');
  for (let number = 0; number <= rememberedKeys; number += 1) await data().save(run, { N: number }, `key ${number}`);
  const stored = await runDataModel(store.connection).findById(run).lean();
  expect(stored?.keys).toHaveLength(rememberedKeys);
  await data().save(run, { N: -1 }, `key ${rememberedKeys}`);
  expect(await data().changes(run)).toEqual({ N: rememberedKeys });
});

it('loses nothing of what many save at once, whoever else does', async () => {
  const run = uniqueName('run');
  const names = Array.from({ length: 20 }, (_, index) => `ITEM_${index}`);
  const stores = [data(), createRunData(other)];
  await Promise.all(names.map((name, index) => stores[index % 2]!.save(run, { [name]: index }, name)));
  expect(await data().changes(run)).toEqual(Object.fromEntries(names.map((name, index) => [name, index])));
});

it('takes names that mean something to a store or to JavaScript, and texts with any character', async () => {
  const run = uniqueName('run');
  const values = JSON.parse(
    '{"__proto__":1,"$set":2,"a.b":3,"constructor":4,"":5,"TEXT":"\\u0000 \\ud83d\\ude00"}',
  ) as RunData;
  await data().save(run, values, '$set.__proto__');
  const found = await data().changes(run);
  expect(Object.entries(found)).toEqual(Object.entries(values));
  expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
});

it('refuses what is too long all together, and keeps what was there', async () => {
  const run = uniqueName('run');
  const half = 'x'.repeat(maxDataLength / 2);
  await data().save(run, { A: half }, 'one');
  await expect(data().save(run, { B: half }, 'two')).rejects.toMatchObject({ code: 'invalid_parameter' });
  await data().save(run, { A: null }, 'three');
  await data().save(run, { B: half }, 'four');
  expect(await data().changes(run)).toEqual({ A: null, B: half });
});
