/** The guards' memory: exact however many ask at once, and the same answer for a run that asks again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxRememberedEnrollments } from '#libs/domain/admission/re-enrollment.ts';
import { maxRememberedRuns } from '#libs/domain/admission/run-quota.ts';
import type { AdmissionStore, AdmissionCandidate } from '#libs/domain/admission/admission.ts';
import type { ReEnroll, RunLimit } from '#libs/domain/rules/rule.ts';
import { createAdmissionStore } from '#libs/store/admission/admission.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { runInput, runRecord } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let book: AdmissionStore;

beforeAll(async () => {
  store = await openTestStore();
  book = createAdmissionStore(store.connection);
});
afterAll(() => store.drop());

interface Asked {
  rule: string;
  event: string;
  at?: string;
  customer?: string;
}

function asked<Guard>(
  { rule, event, at = '2026-01-01T00:00:00.000Z', customer = 'c-1' }: Asked,
  guard: Guard,
): AdmissionCandidate<Guard> {
  const input = runInput({ executionId: `${rule}:${event}`, customerId: customer });
  const run = { ...input, rule: { ...input.rule, id: rule }, event: { ...input.event, occurredAt: at } };
  return { run, guard, decidedAt: '2026-01-01T10:30:00.000Z' };
}

const minutes = (count: number): string => new Date(Date.UTC(2026, 0, 1) + count * 60_000).toISOString();
const events = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`);

describe('re-enrollment', () => {
  const once: ReEnroll = 'once';

  it('lets one of many that ask at once through, and the same one whenever all ask again', async () => {
    const rule = uniqueName('rule');
    const ask = async (event: string): Promise<boolean> =>
      (await book.reEnroll([asked({ rule, event }, once)])).size === 0;
    const first = await Promise.all(events(20).map(ask));
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await Promise.all(events(20).map(ask))).toEqual(first);
  });

  it('of one call the first of each customer runs, and the others name it', async () => {
    const rule = uniqueName('rule');
    const wishes = ['c-1', 'c-2', 'c-1'].map((customer, index) => asked({ rule, event: `e${index}`, customer }, once));
    const denials = await book.reEnroll(wishes);
    expect([...denials]).toEqual([
      [
        `${rule}:e2`,
        {
          code: 'ran_once',
          params: { at: minutes(0) },
          earlierRun: `${rule}:e0`,
          note: expect.stringContaining('once'),
        },
      ],
    ]);
  });

  it('keeps a customer apart from one whose id, of any length or with any character, only begins alike', async () => {
    const rule = uniqueName('rule');
    const customers = ['c\0x', 'c', `c${'é'.repeat(3000)}`, `c${'é'.repeat(3001)}`];
    const wishes = customers.map((customer, index) => asked({ rule, event: `\0${index}`, customer }, once));
    expect((await book.reEnroll(wishes)).size).toBe(0);
    expect((await book.reEnroll(wishes)).size).toBe(0);
  });

  it('remembers less than it ever saw, and never forgets a run that has no record yet', async () => {
    const rule = uniqueName('rule');
    const guard: ReEnroll = { value: 1, unit: 'minutes' };
    const all = Array.from({ length: 2 * maxRememberedEnrollments + 2 }, (_, index) =>
      asked({ rule, event: `e${index}`, at: minutes(index) }, guard),
    );
    const [first, second, ...others] = all;
    await book.reEnroll([first!, second!, ...others.slice(0, -1)]);
    const recorded = [first!, ...others].map(({ run }) => runRecord({ run_id: run.executionId }));
    await createRunLedger(store.connection).claim(recorded);
    await book.reEnroll(others.slice(-1));
    const [document] = await store.connection.collection('re_enrollments').find({ rule_id: rule }).toArray();
    expect(document!['reEnrolled']).toHaveLength(maxRememberedEnrollments + 1);
    expect((await book.reEnroll([second!])).size).toBe(0);
    expect((await book.reEnroll([asked({ rule, event: 'late', at: minutes(3) }, guard)])).size).toBe(1);
  });
});

describe('the count of a limit', () => {
  const limit = (count: number): RunLimit => ({ count, per: { value: 1, unit: 'hours' }, on_exceed: 'hold' });

  it('is exact when many ask at once, and the same when they ask again', async () => {
    const rule = uniqueName('rule');
    const chunks = Array.from({ length: 10 }, (_, chunk) =>
      events(7).map((event) => asked({ rule, event: `${chunk}-${event}` }, limit(30))),
    );
    const ask = async (): Promise<string[]> =>
      (await Promise.all(chunks.map((chunk) => book.count(chunk)))).flatMap((held) => [...held.keys()]).sort();
    const held = await ask();
    expect(held).toHaveLength(40);
    expect(await ask()).toEqual(held);
  });

  it('begins anew with each window', async () => {
    const rule = uniqueName('rule');
    const at = (decidedAt: string, event: string) => ({ ...asked({ rule, event }, limit(1)), decidedAt });
    const held = await book.count([
      at('2026-01-01T10:59:59.999Z', 'a'),
      at('2026-01-01T11:00:00.000Z', 'b'),
      at('2026-01-01T11:00:00.001Z', 'c'),
    ]);
    expect([...held.keys()]).toEqual([`${rule}:c`]);
  });

  it('stays exact when it no longer knows every run by name', async () => {
    const rule = uniqueName('rule');
    const most = 2 * maxRememberedRuns + 5;
    const all = events(most).map((event) => asked({ rule, event }, limit(most)));
    const recorded = all.slice(1).map(({ run }) => runRecord({ run_id: run.executionId }));
    await createRunLedger(store.connection).claim(recorded);
    expect((await book.count(all)).size).toBe(0);
    // The one without a record is let through again, and counts once.
    expect((await book.count(all.slice(0, 1))).size).toBe(0);
    expect((await book.count([asked({ rule, event: 'over' }, limit(most))])).size).toBe(1);
    const [document] = await store.connection.collection('run_quotas').find({ rule_id: rule }).toArray();
    expect(document).toMatchObject({ count: most });
    expect((document!['counted'] as string[]).length).toBe(maxRememberedRuns + 1);
  });
});
