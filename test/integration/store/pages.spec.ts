/** Pages of runs and of rules against what sorting and filtering the same records in memory gives. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuleStatus } from '#libs/domain/rules/rule.ts';
import type { RunRecord, RunStatus } from '#libs/domain/runs/run.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import type { Page, PageRequest } from '#libs/store/mongo/keyset-page.ts';
import { collectionFor } from '#libs/store/mongo/model.ts';
import { toRuleDocument, deletedRuleDocument, ruleModel } from '#libs/store/rules/rule.model.ts';
import { createRuleRepository, type RuleFilter } from '#libs/store/rules/rule.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecords, type RunFilter } from '#libs/store/runs/run-log.repository.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { runRecord } from '../../support/runs.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  const ledger = createRunLedger(store.connection);
  for (let at = 0; at < runs.length; at += 500) await ledger.claim(runs.slice(at, at + 500));
  await collectionFor(ruleModel(store.connection)).insertMany([
    ...rules.map((rule) => toRuleDocument(rule, 0)),
    ...['gone', 'long-gone'].map((id) => deletedRuleDocument(id, 2, 0)),
  ]);
});
afterAll(() => store.drop());

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length]!;
const instant = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

const brands = ['alpha', 'beta', 'Beta', 'é', null] as const;
const statuses: RunStatus[] = ['completed', 'claimed', 'completed', 'running', 'failed', 'held', 'completed'];
/** Of each field, and most of all of the time, many have the same. */
const runs: RunRecord[] = Array.from({ length: 2400 }, (_, index) =>
  runRecord({
    run_id: `${pick(['r', 'R', 'ü', 'r:a'], index * 7)}:${index}`,
    rule_id: `rule-${index % 11}`,
    brand: pick(brands, Math.floor(index / 3)),
    status: pick(statuses, index),
    trigger_event: pick(['customer.deposited', 'trade.closed'], index % 3),
    customer_id: index % 13 === 0 ? null : `c-${index % 40}`,
    login: index % 4 === 0 ? null : index % 9,
    event_id: `event-${Math.floor(index / 5)}`,
    claimed_at: instant(Math.floor(((index * 37) % 2400) / 6)),
  }),
);

const ruleStatuses: RuleStatus[] = ['active', 'draft', 'shadow', 'archived'];
const rules = Array.from({ length: 300 }, (_, index) => {
  const definition = ruleDefinition({
    brand: pick(brands, index),
    trigger_event: pick(['customer.deposited', 'trade.closed', 'customer.kyc'], index),
    status: pick(ruleStatuses, Math.floor(index / 2)),
    priority: pick([100, 100, -3, 0.5, 7], index),
  });
  const created_at = instant(Math.floor(((index * 7) % 300) / 10));
  const id = `${pick(['r', 'R', 'a'], index)}-${index}`;
  const made = { id, version: 1, created_at, updated_at: created_at, created_by: 'a', updated_by: 'a' };
  return { ...definition, ...made, archived_at: null };
});

/** Strings by their bytes, as every store sorts them here. */
const order = (a: string | number, b: string | number): number =>
  typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
const isOneOf = (wanted: unknown, value: unknown): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : wanted === value);

async function walk<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const seen: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Page<T> = await list({ limit, ...(cursor !== undefined && { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  return seen;
}

const isRun = (filter: RunFilter) => (run: RunRecord) =>
  isOneOf(filter.ruleId, run.rule_id) &&
  isOneOf(filter.brand, run.brand) &&
  isOneOf(filter.status === 'running' ? ['claimed', 'running'] : filter.status, run.status) &&
  isOneOf(filter.trigger, run.trigger_event) &&
  isOneOf(filter.customerId, run.customer_id) &&
  isOneOf(filter.login, run.login) &&
  isOneOf(filter.eventId, run.event_id) &&
  (filter.from === undefined || run.claimed_at >= filter.from) &&
  (filter.to === undefined || run.claimed_at < filter.to);
const oldestFirst = (a: RunRecord, b: RunRecord): number =>
  order(a.claimed_at, b.claimed_at) || order(a.run_id, b.run_id);

describe('walking all pages', () => {
  it.each<[number, RunFilter]>([
    [250, {}],
    [101, { brand: null }],
    [40, { brand: 'Beta' }],
    [110, { brand: ['alpha', null, 'é'] }],
    [7, { brand: [], status: 'failed' }],
    [30, { status: 'running' }],
    [1, { eventId: 'event-7' }],
    [9, { customerId: 'c-3' }],
    [20, { login: 5, brand: ['beta', 'alpha'] }],
    [13, { ruleId: 'rule-3', status: 'running', brand: ['beta', null] }],
    [25, { trigger: 'trade.closed', from: instant(100), to: instant(200) }],
    [5, { brand: 'nobody' }],
  ])('of runs, %i at once, by %j', async (limit, filter) => {
    const records = createRunRecords(store.connection);
    const expected = runs.filter(isRun(filter)).sort((a, b) => -oldestFirst(a, b));
    expect(await walk((page) => records.list(filter, page), limit)).toEqual(expected);
  });

  it('of held and of open runs, oldest first', async () => {
    const records = createRunRecords(store.connection);
    const filter = { brand: ['alpha', 'beta', null] };
    const held = runs.filter(isRun({ ...filter, status: 'held' })).sort(oldestFirst);
    expect(await walk((page) => records.listHeld(filter, page), 17)).toEqual(held);
    const open = runs.filter(isRun({ status: 'running', to: instant(150) })).sort(oldestFirst);
    expect(await walk((page) => records.listOpen(instant(150), page), 31)).toEqual(open);
  });

  it.each<[number, RuleFilter]>([
    [37, {}],
    [11, { brand: null }],
    [6, { brand: ['Beta', null], status: ['draft', 'active'] }],
    [8, { trigger: 'trade.closed', status: 'shadow' }],
    [3, { trigger: 'customer.kyc', brand: ['alpha', 'é', 'beta'], status: ['archived', 'active'] }],
  ])('of rules, %i at once, by %j', async (limit, filter) => {
    const repository = createRuleRepository(store.connection);
    const expected = rules
      .filter(({ brand }) => isOneOf(filter.brand, brand))
      .filter((rule) => isOneOf(filter.trigger, rule.trigger_event) && isOneOf(filter.status, rule.status))
      .sort((a, b) => a.priority - b.priority || order(a.created_at, b.created_at) || order(a.id, b.id));
    expect(await walk((page) => repository.list(filter, page), limit)).toEqual(expected);
  });
});
