import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { ConditionNode, Rule } from '#libs/domain/rules/rule.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRuleChangeLog } from '#libs/store/rules/rule-change.log.ts';
import { createRuleFeed } from '#libs/store/rules/rule-feed.repository.ts';
import { createRuleRepository, type RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let rules: RuleRepository;

beforeEach(async () => {
  store = await openTestStore();
  rules = createRuleRepository(store.connection);
});
afterEach(() => store.drop());

const put = (id: string, given: Parameters<typeof ruleDefinition>[0] = {}) =>
  rules.apply([{ id, definition: ruleDefinition(given) }], 'alice');

/** What a process that died after committing leaves behind. */
async function commitOnly(number: number, change: { put: Rule[]; deleted: { id: string; version: number }[] }) {
  const changes = store.connection.collection<{ _id: number }>('rule_changes');
  await changes.insertOne({ _id: number, at: '2026-01-01T00:00:00.000Z', by: 'bob', body: writeJson(change) } as never);
}

describe('rule records', () => {
  it('R-002 R-123 R-124 R-125 R-127 R-128 stores and returns every field of a WorkflowRuleRecord', async () => {
    const definition = ruleDefinition({
      name: 'Big deposit from a churning customer',
      trigger_event: 'customer.deposited',
      conditions: {
        match: 'all',
        rules: [
          { field: 'event.amount', operator: 'gte', value: 1000 },
          { not: { match: 'any', rules: [{ field: 'customer.retention_status', operator: 'eq', value: 'churning' }] } },
        ],
      },
      actions: [
        { type: 'handover_to_retention', params: {} },
        { type: 'send_email', params: { subject: 'Good to see you again', 'dotted.key': { $set: null } } },
        { type: 'add_note', params: { body: 'Assigned by automation' } },
      ],
      priority: 10,
      stop_after: true,
    });
    const [applied] = await rules.apply([{ id: 'big-deposit', definition }], 'alice');
    expect(applied).toMatchObject({ outcome: 'created' });

    const stored = await rules.get('big-deposit');
    expect(stored).toEqual({
      ...definition,
      id: 'big-deposit',
      version: 1,
      created_at: stored?.created_at,
      updated_at: stored?.created_at,
      archived_at: null,
      created_by: 'alice',
      updated_by: 'alice',
    });
    expect(new Date(stored!.created_at).toISOString()).toBe(stored!.created_at);
    expect((await rules.list({})).items).toEqual([stored]);
  });

  it('keeps conditions nested 5,000 deep', async () => {
    let conditions: ConditionNode = { field: 'event.amount', operator: 'gt', value: 1 };
    for (let depth = 0; depth < 5000; depth += 1) conditions = { not: conditions };
    await put('deep', { conditions });
    expect(writeJson((await rules.get('deep'))!.conditions)).toBe(writeJson(conditions));
  });

  it('keeps what bounds how often a rule runs, and takes it back', async () => {
    const limit = { count: 5, per: { value: 1, unit: 'hours' }, on_exceed: 'hold' } as const;
    const [first] = await put('bounded', { re_enroll: 'once', limit });
    expect(first?.rule).toMatchObject({ version: 1, re_enroll: 'once', limit });
    expect(await put('bounded', { re_enroll: 'once', limit })).toMatchObject([{ outcome: 'unchanged' }]);
    await put('bounded', { re_enroll: { value: 7, unit: 'days' }, limit });
    expect(await rules.get('bounded')).toMatchObject({ version: 2, re_enroll: { value: 7, unit: 'days' }, limit });
    const [third] = await put('bounded');
    expect(third?.rule).toMatchObject({ version: 3 });
    expect(third?.rule).not.toHaveProperty('re_enroll');
    expect(third?.rule).not.toHaveProperty('limit');
  });

  it('makes a new version of what changed and none of what did not', async () => {
    await put('a');
    const [unchanged] = await put('a');
    expect(unchanged).toMatchObject({ outcome: 'unchanged', rule: { version: 1 } });
    const created = (await rules.get('a'))!;
    const [updated] = await rules.apply([{ id: 'a', definition: ruleDefinition({ priority: 5 }) }], 'bob');
    expect(updated).toMatchObject({
      outcome: 'updated',
      rule: { version: 2, priority: 5, created_at: created.created_at, created_by: 'alice', updated_by: 'bob' },
    });
  });

  it('refuses a write based on another version, and all rules given with it', async () => {
    await put('a');
    const writes = [
      { id: 'b', definition: ruleDefinition() },
      { id: 'a', definition: ruleDefinition({ priority: 7 }), ifVersion: 2 },
    ];
    await expect(rules.apply(writes, 'alice')).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await rules.get('b')).toBeNull();
    await expect(rules.apply([{ id: 'a', definition: ruleDefinition(), ifVersion: 0 }], 'alice')).rejects.toMatchObject(
      { code: 'version_conflict' },
    );
  });

  it('refuses ids that are malformed or given twice, naming each', async () => {
    const definition = ruleDefinition();
    const writes = ['a:b', 'same', 'same'].map((id) => ({ id, definition }));
    await expect(rules.apply(writes, 'alice')).rejects.toMatchObject({
      problems: [{ path: 'rules[0].id' }, { path: 'rules[2].id', code: 'duplicate_id' }],
    });
  });

  it('refuses a change that does not fit into one document', async () => {
    const definition = ruleDefinition({ description: 'x'.repeat(13 * 1024 * 1024) });
    await expect(rules.apply([{ id: 'huge', definition }], 'alice')).rejects.toMatchObject({
      code: 'change_too_large',
    });
  });

  it('archives a rule for good and deletes it with its versions going on', async () => {
    await put('a');
    const archived = await rules.archive('a', 'bob');
    expect(archived).toMatchObject({ status: 'archived', version: 2, updated_by: 'bob' });
    expect(archived.archived_at).toBe(archived.updated_at);
    expect(await rules.archive('a', 'bob')).toEqual(archived);
    await expect(put('a')).rejects.toMatchObject({ code: 'rule_archived' });

    await rules.delete('a', 'bob');
    expect(await rules.get('a')).toBeNull();
    expect((await rules.list({})).items).toEqual([]);
    await expect(rules.delete('a', 'bob')).rejects.toMatchObject({ code: 'rule_not_found' });
    await expect(rules.archive('nope', 'bob')).rejects.toMatchObject({ code: 'rule_not_found' });
    expect((await put('a'))[0]).toMatchObject({ outcome: 'created', rule: { version: 4 } });
  });

  it('lists in the order in which rules run, by brand, trigger and status, in pages', async () => {
    await put('c', { priority: 1 });
    await rules.apply(
      ['z', 'y', 'x'].map((id) => ({ id, definition: ruleDefinition({ priority: 2, brand: 'alpha' }) })),
      'alice',
    );
    await put('late', { priority: 2, status: 'inactive', trigger_event: 'trade.opened' });
    const ids = async (filter: Parameters<RuleRepository['list']>[0]) =>
      (await rules.list(filter)).items.map((rule) => rule.id);
    expect(await ids({})).toEqual(['c', 'x', 'y', 'z', 'late']);
    expect(await ids({ brand: 'alpha' })).toEqual(['x', 'y', 'z']);
    expect(await ids({ brand: null })).toEqual(['c', 'late']);
    expect(await ids({ status: 'inactive', trigger: 'trade.opened' })).toEqual(['late']);
    const first = await rules.list({}, { limit: 2 });
    const second = await rules.list({}, { limit: 10, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map((rule) => rule.id)).toEqual(['c', 'x', 'y', 'z', 'late']);
    expect(second.nextCursor).toBeNull();
  });
});

describe('changing rules as a whole', () => {
  it('carries on where a process died between deciding and writing', async () => {
    await put('gone');
    await put('old');
    const old = (await rules.get('old'))!;
    const added = Array.from({ length: 5 }, (_, index) => ({ ...old, id: `new-${index}` }));
    await commitOnly(3, {
      put: [{ ...old, version: 2, priority: 1 }, ...added],
      deleted: [{ id: 'gone', version: 2 }],
    });

    const other = createRuleRepository(store.connection);
    expect((await other.list({})).items.map((rule) => rule.id)).toEqual(['old', ...added.map((rule) => rule.id)]);
    expect(await other.get('gone')).toBeNull();
    expect((await put('old', { priority: 2 }))[0]).toMatchObject({ rule: { version: 3 } });
  });

  it('never lets somebody who writes an old change late bring back what was changed since', async () => {
    await put('a', { priority: 1 });
    await put('a', { priority: 2 });
    await rules.delete('a', 'alice');
    await put('b');
    // As if nobody had ever written any of it: every change is written once more, from the first.
    await store.connection.collection('revisions').deleteMany({});
    expect((await rules.list({})).items.map((rule) => rule.id)).toEqual(['b']);
  });

  it('loses nothing of 20 clients that change rules at once', async () => {
    const clients = Array.from({ length: 20 }, () => createRuleRepository(store.connection));
    const outcomes = await Promise.all(
      clients.map((client, index) =>
        client.apply(
          [
            { id: 'shared', definition: ruleDefinition({ priority: index + 1 }) },
            { id: `own-${index}`, definition: ruleDefinition() },
          ],
          `client-${index}`,
        ),
      ),
    );
    const versions = outcomes.map(([shared]) => shared!.rule.version).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect((await rules.list({}, { limit: 100 })).items).toHaveLength(21);
    expect(await rules.get('shared')).toMatchObject({ version: 20 });
  });
});

describe('the feed of rules', () => {
  it('R-029 holds no archived, inactive or deleted rule', async () => {
    for (const id of ['active', 'archived', 'deleted']) await put(id);
    await put('inactive', { status: 'inactive' });
    await rules.archive('archived', 'alice');
    await rules.delete('deleted', 'alice');
    const { rules: active, revision } = await rules.snapshot();
    expect(active.map((rule) => rule.id)).toEqual(['active']);
    expect(revision).toBe(6);
  });

  it('tells what changed, the last state of each rule, and then nothing', async () => {
    const { revision } = await rules.snapshot();
    expect(await rules.changesSince(revision)).toEqual({ revision: 0, rules: [], deleted: [] });
    await put('a');
    await put('a', { priority: 3 });
    await put('b');
    await rules.delete('b', 'alice');
    await rules.archive('a', 'alice');
    const changes = await rules.changesSince(revision);
    expect(changes).toMatchObject({
      revision: 5,
      rules: [{ id: 'a', status: 'archived', version: 3 }],
      deleted: ['b'],
    });
    expect(await rules.changesSince(5)).toEqual({ revision: 5, rules: [], deleted: [] });
  });

  it('delivers a change that is decided but not yet written', async () => {
    await put('a');
    const a = (await rules.get('a'))!;
    await commitOnly(2, { put: [{ ...a, version: 2, priority: 9 }], deleted: [] });
    expect(await rules.changesSince(1)).toMatchObject({ revision: 2, rules: [{ priority: 9 }] });
    expect(await rules.changesSince(2)).toEqual({ revision: 2, rules: [], deleted: [] });
    expect((await rules.snapshot()).rules).toMatchObject([{ version: 2 }]);
  });

  it('takes a snapshot although others change rules each time it looks, and holds no half of a change', async () => {
    const pair = (name: string) => ['first', 'second'].map((id) => ({ id, definition: ruleDefinition({ name }) }));
    await rules.apply(pair('0'), 'alice');
    const log = createRuleChangeLog(store.connection);
    let edits = 0;
    const edit = async (): Promise<void> => {
      if (edits === 20) throw new Error('the snapshot begins again for ever');
      await rules.apply(pair(String(++edits)), 'bob');
    };
    const feed = createRuleFeed(store.connection, {
      ...log,
      applyPending: async (until) => {
        const last = await log.applyPending(until);
        await edit();
        return last;
      },
    });
    const { rules: found, revision } = await feed.snapshot();
    expect(edits).toBe(1);
    expect(found.map(({ name }) => name)).toEqual(['1', '1']);
    expect(revision).toBe(2);
  });

  it('asks for a snapshot when changes are no longer kept or the store was emptied', async () => {
    await put('a');
    await put('b');
    await store.connection.collection<{ _id: number }>('rule_changes').deleteOne({ _id: 1 });
    expect(await rules.changesSince(0)).toBeNull();
    expect(await rules.changesSince(1)).toMatchObject({ revision: 2 });
    await store.connection.dropDatabase();
    expect(await rules.changesSince(2)).toBeNull();
  });

  it('does not take a number from the time before the kept changes', async () => {
    await put('a');
    await put('b');
    await put('c');
    const changes = store.connection.collection<{ _id: number }>('rule_changes');
    await changes.deleteOne({ _id: 1 });
    await changes.deleteOne({ _id: 2 });
    // Somebody who slept since change 1 finds number 2 free.
    const sleeper = createRuleChangeLog(store.connection);
    const change = { put: [{ ...(await rules.get('c'))!, id: 'd' }], deleted: [] };
    expect(await sleeper.commit(change, { number: 2, by: 'bob', at: '2026-01-01T00:00:00.000Z' })).toBe(false);
    expect(await changes.findOne({ _id: 2 })).toBeNull();
    expect(await rules.get('d')).toBeNull();
  });
});

it('a change whose author has an endless name is written like any other, and noted', async () => {
  await ensureIndexes(store.connection);
  const by = randomBytes(4_000).toString('base64');
  await rules.apply([{ id: 'a', definition: ruleDefinition() }], by);
  await put('b');
  expect((await rules.list({})).items.map(({ id }) => id)).toEqual(['a', 'b']);
  expect((await createAuditLog(store.connection).list({ by })).items).toMatchObject([{ target: 'rule/a' }]);
});
