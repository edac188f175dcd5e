/** What the store has acknowledged is kept, and an id that it calls taken is believed only when the document is shown. */
import type { Collection } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertOrFind, upsertOver } from '#libs/store/mongo/by-id.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { collectionFor } from '#libs/store/mongo/model.ts';
import { revisionModel } from '#libs/store/mongo/revision.model.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { runModel } from '#libs/store/runs/run.model.ts';
import { runRecord } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => store.drop());

interface Numbered {
  _id: string;
  n: number;
}
const numbered = (): Collection<Numbered> => store.connection.collection<Numbered>(uniqueName('numbered'));

/** After the next insert that finds an id taken, the document is gone, as after the failure of a primary. */
function takeBackAfterDuplicate<D extends { _id: string }>(collection: Collection<D>, _id: string): void {
  const insertMany = collection.insertMany.bind(collection);
  vi.spyOn(collection, 'insertMany').mockImplementationOnce(async (...given) => {
    try {
      return await insertMany(...given);
    } catch (error) {
      await collection.deleteOne({ _id } as never);
      throw error;
    }
  });
}

describe('the connection', () => {
  it.each(['', '?w=1&journal=false&readPreference=secondaryPreferred&readConcernLevel=local'])(
    'asks for a majority with journal and reads from the primary when the URI ends with "%s"',
    async (options) => {
      const connection = await connectStore(`${store.uri}${options}`);
      const { writeConcern, readConcern, readPreference } = connection.collection('any').conn.getClient().options;
      await connection.close();
      expect(writeConcern).toMatchObject({ w: 'majority', journal: true });
      expect(readConcern?.level).toBe('majority');
      expect(readPreference.mode).toBe('primary');
    },
  );
});

describe('a document that stood in the way and is gone', () => {
  it('is inserted after all', async () => {
    const collection = numbered();
    await collection.insertOne({ _id: 'a', n: 1 });
    takeBackAfterDuplicate(collection, 'a');
    expect(
      await insertOrFind(collection, [
        { _id: 'a', n: 2 },
        { _id: 'b', n: 2 },
      ]),
    ).toEqual(new Map());
    expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 'a', n: 2 },
      { _id: 'b', n: 2 },
    ]);
  });

  it('is a run to be started', async () => {
    const ledger = createRunLedger(store.connection);
    const run = runRecord({ run_id: uniqueName('run') });
    await ledger.claim([{ ...run, status: 'completed' }]);
    takeBackAfterDuplicate(collectionFor(runModel(store.connection)), run.run_id);
    expect(await ledger.claim([run])).toEqual(new Set([run.run_id]));
    expect(await ledger.recorded([run.run_id])).toEqual(new Set([run.run_id]));
  });

  it('is waited for, and never counts as done, while the store shows nothing', async () => {
    const collection = numbered();
    await collection.insertOne({ _id: 'a', n: 1 });
    vi.spyOn(collection, 'findOne').mockResolvedValue(null);
    await expect(insertOrFind(collection, [{ _id: 'a', n: 2 }])).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
    });
  });
});

describe('an upsert over what is older', () => {
  it('gives way to what is newer', async () => {
    const revisions = revisionModel(store.connection);
    await revisions.insertOne({ _id: 'rules', n: 5 });
    const upsert = (n: number) =>
      upsertOver(revisions, { _id: 'rules', n: { $lt: n } }, (older) =>
        revisions.updateOne(older, { $set: { n } }, { upsert: true }),
      );
    expect([await upsert(4), await upsert(6)]).toEqual([false, true]);
    expect(await revisions.findById('rules').lean()).toEqual({ _id: 'rules', n: 6 });
  });

  it('keeps the latest of many first changes of an account that are written at once', async () => {
    const directory = createDirectory(store.connection);
    const login = 700_001;
    const change = (leverage: number) => {
      const account = { login, group: 'north-usd', leverage, enable: true };
      const occurredAt = new Date(Date.UTC(2026, 0, 1, 0, 0, leverage)).toISOString();
      return directory.changeAccounts([{ login, account, occurredAt }]);
    };
    await Promise.all([3, 9, 1, 7, 5, 2, 8].map(change));
    expect((await directory.accounts([login])).get(login)).toMatchObject({ leverage: 9 });
  });
});
