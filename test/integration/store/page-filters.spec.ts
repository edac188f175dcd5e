/** Single pages as MongoDB gives them, whatever of the filter the store below understands. */
import mongoose, { type mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore, type TestStore } from '../../support/store.ts';

interface Thing {
  _id: string | number | mongo.ObjectId;
  at?: number | string;
  [field: string]: unknown;
}

const objectId = new mongoose.mongo.ObjectId('65f000000000000000000001');
const things: Thing[] = [
  { _id: 'a', at: 1, kind: 'x', users: ['ann', 'bob'], size: 5, nothing: null, list: [{ a: 1 }], flag: true },
  { _id: 'b', at: 2, kind: 'x', users: ['bob'], size: 10, nothing: 1, flag: false },
  { _id: 'c', at: 3, kind: 'y', users: 'ann', size: 'big', flag: true },
  { _id: 4, at: 4, kind: 'y', users: [], size: [1, 7], flag: false },
  { _id: objectId, at: 5, kind: null, users: ['ann'], size: null },
  { _id: 'f', at: 6, kind: 'it\'s "quoted" \\ ü', users: null, size: 5.5 },
];

let store: TestStore;
const collection = (name: string) => store.connection.collection<Thing>(name);
beforeAll(async () => {
  store = await openTestStore();
  await collection('things').createIndex({ kind: 1, at: -1 });
  await collection('things').insertMany(structuredClone(things).map((thing, i) => ({ ...thing, _id: things[i]!._id })));
});
afterAll(() => store.drop());

describe('a sorted page', () => {
  it.each<[mongo.Filter<Thing>, number[]]>([
    [{}, [6, 5, 4, 3, 2, 1]],
    [{ kind: 'x' }, [2, 1]],
    [{ kind: { $eq: 'it\'s "quoted" \\ ü' } }, [6]],
    [{ kind: { $in: ['y', null] } }, [5, 4, 3]],
    [{ kind: { $ne: 'x' } }, [6, 5, 4, 3]],
    [{ users: 'ann' }, [5, 3, 1]],
    [{ users: { $in: ['bob', null] } }, [6, 2, 1]],
    [{ users: { $ne: 'ann' } }, [6, 4, 2]],
    [{ nothing: null }, [6, 5, 4, 3, 1]],
    [{ nothing: { $ne: null } }, [2]],
    [{ flag: false }, [4, 2]],
    [{ size: { $gt: 5 } }, [6, 4, 2]],
    [{ size: { $gte: 5, $lt: 10 } }, [6, 4, 1]],
    [{ size: { $lt: 'zzz' } }, [3]],
    [{ size: { $gt: '' } }, [3]],
    [{ _id: { $gt: 'a' } }, [6, 3, 2]],
    [{ _id: { $in: ['a', 4, objectId, 'nobody'] } }, [5, 4, 1]],
    [{ $or: [{ kind: 'x', at: { $lt: 2 } }, { kind: 'x' }, { at: 5 }] }, [5, 2, 1]],
    [{ $and: [{ $or: [{ users: 'ann' }, { kind: 'y' }] }, {}, { at: { $gt: 2 } }] }, [5, 4, 3]],
    [{ kind: { $in: [] } }, []],
    [{ 'list.a': 1 }, [1]],
    [{ kind: /^[xy]$/ }, [4, 3, 2, 1]],
    [{ nothing: { $exists: false } }, [6, 5, 4, 3]],
    [{ at: 4.0, kind: { $not: { $eq: 'x' } } }, [4]],
  ])('by %j', async (filter, expected) => {
    for (const limit of [3, 50]) {
      const found = await collection('things').find(filter).sort({ at: -1 }).limit(limit).toArray();
      const wanted = expected.slice(0, limit).map((at) => things[at - 1]);
      expect(found).toEqual(wanted);
      // A count with a limit, over fields of an index, is taken from PostgreSQL, too.
      expect(await collection('things').countDocuments(filter, { limit })).toBe(wanted.length);
    }
  });

  it('has the fields that are asked for, in batches that are asked for', async () => {
    const sorted = () => collection('things').find().sort({ at: 1 }).limit(5);
    expect(await sorted().project({ kind: 1 }).limit(1).toArray()).toEqual([{ _id: 'a', kind: 'x' }]);
    expect(await sorted().project({ _id: 0, at: 1 }).toArray()).toEqual([1, 2, 3, 4, 5].map((at) => ({ at })));
    expect(await sorted().batchSize(2).toArray()).toEqual(things.slice(0, 5));
    expect(await sorted().skip(1).toArray()).toEqual(things.slice(1));
    expect(await sorted().limit(-2).toArray()).toEqual(things.slice(0, 2));
    expect(await sorted().maxTimeMS(20_000).toArray()).toEqual(things.slice(0, 5));
    await expect(sorted().project({ kind: 1, at: 0 }).toArray()).rejects.toThrow(mongoose.mongo.MongoServerError);
  });

  it('is empty where there is no such collection or database', async () => {
    expect(await collection('nothing').find().sort({ at: 1 }).limit(5).toArray()).toEqual([]);
    expect(await collection('nothing').countDocuments({}, { limit: 5 })).toBe(0);
    const database = store.connection.getClient().db(`${store.connection.name}-none`);
    expect(await database.collection('things').find().sort({ at: 1 }).limit(5).toArray()).toEqual([]);
  });
});

it('no page ends the list because documents change while it is read', async () => {
  const all = Array.from({ length: 800 }, (_, at) => ({ _id: `d${at}`, at, state: 'open' }));
  await collection('changing').createIndex({ state: 1, at: 1 });
  await collection('changing').insertMany(all);
  const close = (at: number) => collection('changing').updateOne({ _id: `d${at}` }, { $set: { state: 'closed' } });
  const seen: number[] = [];
  for (let full = true, last = -1; full;) {
    const page = { state: 'open', at: { $gt: last } };
    const reading = collection('changing').find(page).sort({ state: 1, at: 1 }).limit(100).toArray();
    // Those it is about to read, from its end.
    const closing = Array.from({ length: 50 }, (_, i) => close(last + 201 - (last % 2) - 2 * i));
    const [found] = await Promise.all([reading, ...closing]);
    seen.push(...found.map(({ at }) => Number(at)));
    last = seen.at(-1) ?? last;
    full = found.length === 100;
  }
  expect(seen.filter((at) => at % 2 === 0)).toEqual(all.map(({ at }) => at).filter((at) => at % 2 === 0));
});
