import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision, RunLedger } from '#libs/domain/runs/run-ledger.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { uniqueName } from '../../support/servers.ts';
import { runInput, runRecord } from '../../support/runs.ts';

let store: TestStore;
let ledger: RunLedger;

beforeAll(async () => {
  store = await openTestStore();
  ledger = createRunLedger(store.connection);
});
afterAll(() => store.drop());

function decision(eventId: string, fingerprint = 'f1'): Decision {
  const context = { brand: 'alpha', event: { 'key.with.dots': { $odd: 1 }, text: 'a\0b' } };
  const runs = ['r1', 'r2'].map((ruleId) => runInput({ executionId: `${ruleId}:${eventId}`, context }));
  const rule = { id: 'r3', name: 'Third', version: 4 };
  const skipped = [{ executionId: `r3:${eventId}`, rule, stoppedBy: 'r1' }];
  return { eventKey: eventId, eventId, fingerprint, decidedAt: '2026-01-02T03:04:05.000Z', runs, skipped };
}

describe('decisions', () => {
  it('stores new ones and returns the first decision of an event decided before', async () => {
    const [first, second] = [uniqueName('event'), uniqueName('event')];
    expect(await ledger.decide([decision(first)])).toEqual(new Map());
    const earlier = await ledger.decide([decision(second), decision(first, 'other')]);
    expect(earlier).toEqual(new Map([[first, decision(first)]]));
  });

  it('lets one of two racing deciders win', async () => {
    const id = uniqueName('event');
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => ledger.decide([decision(id, `f${index}`)])),
    );
    const losers = outcomes.filter((earlier) => earlier.size === 1);
    expect(losers).toHaveLength(9);
    expect(new Set(losers.map((earlier) => earlier.get(id)!.fingerprint)).size).toBe(1);
  });

  it('returns the first of two decisions for one event of the same call', async () => {
    const id = uniqueName('event');
    const earlier = await ledger.decide([decision(id, 'f1'), decision(id, 'f2')]);
    expect(earlier.get(id)?.fingerprint).toBe('f1');
  });

  it('takes event ids of any length and with any character', async () => {
    const ids = [`${uniqueName('long')}${'é'.repeat(5000)}`, `${uniqueName('nul')}\0x`];
    expect((await ledger.decide(ids.map((id) => decision(id)))).size).toBe(0);
    expect([...(await ledger.decide(ids.map((id) => decision(id)))).keys()]).toEqual(ids);
  });
});

it('stores decisions of any size, and lets one of two racing ones win', async () => {
  const key = uniqueName('large');
  const large = (text: string): Decision => {
    const made = decision(key);
    const [run] = made.runs;
    // Half of a character at each cut would be lost.
    const actions = Array.from({ length: 40 }, () => ({
      type: 'add_note',
      params: { body: `${text}😀`.repeat(80_000) },
    }));
    return {
      ...made,
      runs: actions.map((action, index) => ({
        ...run!,
        executionId: `r${index}:${key}`,
        rule: { ...run!.rule, actions: [action] },
      })),
    };
  };
  const outcomes = await Promise.all([ledger.decide([large('a')]), ledger.decide([large('b')])]);
  const winner = (await ledger.decisions([key])).get(key)!;
  expect(outcomes.map((earlier) => earlier.size).sort((a, b) => a - b)).toEqual([0, 1]);
  expect([large('a'), large('b')]).toContainEqual(winner);
  expect(outcomes.find((earlier) => earlier.size === 1)?.get(key)).toEqual(winner);
  const parts = await store.connection.collection('decision_parts').countDocuments();
  expect(parts).toBe(
    (await store.connection.collection<{ parts: { count: number } }>('decisions').findOne({ event_id: key }))?.parts
      .count,
  );
});

describe('claims', () => {
  it('returns every inserted run that is to be started, and of known ones those still claimed', async () => {
    const prefix = uniqueName('claim');
    const records = Array.from({ length: 1000 }, (_, index) => runRecord({ run_id: `${prefix}:${index}` }));
    const known = records.filter((_, index) => index % 2 === 0);
    expect((await ledger.claim(known)).size).toBe(500);
    const runs = store.connection.collection<{ _id: string }>('runs');
    const ended = known.slice(0, 100).map((record) => record.run_id);
    for (const _id of ended) await runs.updateOne({ _id }, { $set: { status: 'completed' } });

    const started = await ledger.claim(records);
    expect(started.size).toBe(900);
    expect(ended.filter((id) => started.has(id))).toEqual([]);
  });

  it('records runs held back by stop_after without starting them', async () => {
    const id = uniqueName('skip');
    expect(await ledger.claim([runRecord({ run_id: id, status: 'skipped', reason: 'stop_after' })])).toEqual(new Set());
    expect(await ledger.claim([runRecord({ run_id: id, status: 'skipped', reason: 'stop_after' })])).toEqual(new Set());
  });

  it('keeps a record with characters the store cannot hold from failing the others', async () => {
    const ids = [uniqueName('plain'), uniqueName('nul')] as const;
    const claimed = await ledger.claim([
      runRecord({ run_id: ids[0] }),
      runRecord({ run_id: ids[1], rule_name: 'a\0b' }),
    ]);
    expect(claimed).toEqual(new Set(ids));
  });
});

describe('partition watermarks', () => {
  const range = (from: bigint, to: bigint) => ({ from, to });
  const partitionOf = (topicId: string | null) => ({
    cluster: uniqueName('cluster'),
    topic: 'crm.events',
    topicId,
    partition: 3,
  });

  it('hold every 64-bit offset, ranges included', async () => {
    const partition = partitionOf('topic-1');
    expect(await ledger.watermark(partition)).toBeNull();
    const far = 9_007_199_254_740_993n;
    const watermark = {
      next: far,
      passedOver: [range(1n, 5n)],
      reopened: [range(far - 2n, far)],
      decided: [range(far, far + 9n)],
    };
    expect(await ledger.saveWatermark(partition, watermark, null)).toBe(true);
    expect(await ledger.watermark(partition)).toEqual({ watermark, revision: 1 });
  });

  it('are stored by one of those who change them at once', async () => {
    const partition = partitionOf('topic-1');
    const mark = { next: 1n, passedOver: [], reopened: [], decided: [] };
    const first = await Promise.all([1, 2, 3].map(() => ledger.saveWatermark(partition, mark, null)));
    expect(first.filter(Boolean)).toHaveLength(1);
    const second = await Promise.all([1, 2, 3].map(() => ledger.saveWatermark(partition, { ...mark, next: 2n }, 1)));
    expect(second.filter(Boolean)).toHaveLength(1);
    expect((await ledger.watermark(partition))?.revision).toBe(2);
  });

  it('tell a topic that was made anew', async () => {
    const partition = partitionOf('topic-1');
    expect(await ledger.hasFormerTopic(partition)).toBe(false);
    await ledger.saveWatermark(partition, { next: 1n, passedOver: [], reopened: [], decided: [] }, null);
    expect(await ledger.hasFormerTopic(partition)).toBe(false);
    const anew = { ...partition, topicId: 'topic-2' };
    expect(await ledger.watermark(anew)).toBeNull();
    expect(await ledger.hasFormerTopic(anew)).toBe(true);
  });

  it('name the partitions that are to be read again', async () => {
    const [again, quiet, unknown] = [partitionOf('topic-1'), partitionOf('topic-1'), partitionOf('topic-1')] as const;
    const mark = { next: 9n, passedOver: [], reopened: [], decided: [] };
    await ledger.saveWatermark(quiet, mark, null);
    await ledger.saveWatermark(again, { ...mark, reopened: [range(2n, 4n)] }, null);
    expect(await ledger.reopened([quiet, again, unknown])).toEqual(new Set([again]));
    await ledger.saveWatermark(again, mark, 1);
    expect(await ledger.reopened([quiet, again])).toEqual(new Set());
  });
});
