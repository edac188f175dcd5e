/** A model writes what the driver would have written, as durably, and refuses what does not fit its schema. */
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postponedEventModel } from '#libs/store/events/postponed-event.repository.ts';
import { insertNew, putDocument } from '#libs/store/mongo/by-id.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { collectionFor } from '#libs/store/mongo/model.ts';
import { revisionModel } from '#libs/store/mongo/revision.model.ts';
import { toStoreError } from '#libs/store/mongo/store-error.ts';
import { runModel, toRunDocument, type RunDocument } from '#libs/store/runs/run.model.ts';
import { runRecord } from '../../support/runs.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

/** With empty texts, lists and objects, and members that mongoose knows nothing about. */
function run(run_id: string): RunDocument {
  const error = { code: '', message: 'ünï 🙂', action: null };
  const actions = [{ index: 0, type: 'n', status: 'failed', attempts: 0, started_at: null, finished_at: '' } as const];
  const record = runRecord({ run_id, rule_name: '', brand: null, error, actions, interventions: [] });
  return { ...toRunDocument(record), last_event: { a: {}, b: [], c: [{ 'd e': [null, { _id: 1.5 }] }] } as never };
}

describe('a model', () => {
  it('stores what the driver would have stored', async () => {
    const runs = runModel(store.connection);
    await insertNew(collectionFor(runs), [run('a')]);
    await insertNew(runs, [run('b')]);
    await putDocument(runs, run('c'));
    const stored = await collectionFor(runs).find().sort({ _id: 1 }).toArray();
    expect(stored).toStrictEqual([run('a'), run('b'), run('c')]);
  });

  it('stores bytes as they are', async () => {
    const events = postponedEventModel(store.connection);
    const body = new mongo.Binary(Buffer.from([0, 1, 128, 255]));
    const event = (_id: string) => ({ _id, brand: '', at: '2026-01-02T03:04:05.000Z', not_before: 0, body });
    await insertNew(collectionFor(events), [event('a')]);
    await insertNew(events, [event('b')]);
    expect(await events.find().sort({ _id: 1 }).lean()).toEqual([event('a'), event('b')]);
  });

  it('refuses what does not fit, also beside documents that are there', async () => {
    const revisions = revisionModel(store.connection);
    const unfit = { _id: 'directory', n: 'many' } as never;
    await insertNew(revisions, [{ _id: 'rules', n: 1 }]);
    const refused = { code: 'store_rejected', retryable: false };
    const refusal = (act: Promise<unknown>): Promise<unknown> => act.catch(toStoreError);
    expect(await refusal(insertNew(revisions, [{ _id: 'rules', n: 2 }, unfit]))).toMatchObject(refused);
    expect(await refusal(insertNew(revisions, [unfit]))).toMatchObject(refused);
    expect(await refusal(putDocument(revisions, { _id: 'rules', n: 'many' } as never))).toMatchObject(refused);
    expect(await revisions.find().lean()).toEqual([{ _id: 'rules', n: 1 }]);
  });

  it('asks for a majority with journal in each of its writes', async () => {
    const connection = await connectStore(`${store.uri}?monitorCommands=true`);
    const asked: mongo.Document[] = [];
    connection.getClient().on('commandStarted', ({ command }) => {
      if (['insert', 'update', 'delete', 'findAndModify'].some((name) => name in command)) asked.push(command);
    });
    const revisions = revisionModel(connection);
    await insertNew(revisions, [{ _id: 'directory', n: 1 }]);
    await revisions.insertOne({ _id: 'directory', n: 1 }).catch(() => undefined);
    await putDocument(revisions, { _id: 'directory', n: 2 });
    await revisions.updateOne({ _id: 'directory' }, { $set: { n: 3 } });
    await revisions.findOneAndUpdate({ _id: 'directory' }, { $set: { n: 4 } });
    await revisions.deleteOne({ _id: 'directory' });
    await connection.close();
    expect(asked.map(({ writeConcern }) => writeConcern as object)).toEqual(
      Array.from({ length: 6 }, () => ({ w: 'majority', j: true })),
    );
  });
});
