import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { AppliedRule } from '#libs/domain/rules/rule-plan.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let folder: string;

beforeEach(async () => {
  store = await openTestStore();
  folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
});
afterEach(async () => {
  await store.drop();
  await rm(folder, { recursive: true });
});

const run = (args: string[], input?: string): Promise<CliResult> => signalbox(store.uri, args, input);

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const bigDeposit = `
name: Big deposit
trigger_event: customer.deposited
conditions:
  match: all
  rules:
    - { field: event.amount, operator: gte, value: 1000 }
    - not: { field: customer.country, operator: eq, value: BR }
actions:
  - type: notify.manager
    params: { title: Big deposit }
priority: 10
`;

describe('signalbox rules', () => {
  it('applies files of every shape together, and again without a new version', async () => {
    const yaml = await file('one.yaml', bigDeposit);
    const json = await file('list.json', [{ id: 'second', ...ruleDefinition() }]);
    const wrapped = await file('wrapped.yml', `rules:\n  - id: third\n${bigDeposit.replace(/^/gm, '    ')}`);
    const args = ['rules', 'apply', '-f', yaml, json, wrapped, '--by', 'alice', '--json'];
    await file('notes.txt', 'not a rule');
    const first = await run(args);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const applied = JSON.parse(first.stdout) as AppliedRule[];
    expect(applied.map(({ outcome, rule }) => [outcome, rule.version, rule.created_by])).toEqual(
      Array.from({ length: 3 }, () => ['created', 1, 'alice']),
    );
    expect(applied[0]!.rule.id).toMatch(/^big-deposit-[0-9a-f]{8}$/);
    const again = JSON.parse((await run(['rules', 'apply', '-f', folder, '--json'])).stdout) as AppliedRule[];
    expect(again.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  it('tells every issue of every file with its place and stores nothing', async () => {
    const good = await file('good.yaml', bigDeposit);
    const bad = await file('bad.json', {
      rules: [
        { id: 'a', ...ruleDefinition({ actions: [] }), priority: -1 },
        { id: 'b', ...ruleDefinition(), colour: 'red' },
      ],
    });
    const twice = await file('twice.yaml', `id: b\n${bigDeposit}\n---\nid: b\n${bigDeposit}`);
    const { code, stdout, stderr } = await run(['rules', 'apply', '-f', good, '-f', bad, '-f', twice]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${bad}: rules[0].actions: `);
    expect(stderr).toContain(`${bad}: rules[0].priority: `);
    expect(stderr).toContain(`${bad}: rules[1].colour: `);
    expect(stderr).toContain(`${twice} (document 2): id: "b" is also the id of rule`);
    expect(stderr).toMatch(/Nothing was stored: \d issues\.$/m);
    expect(JSON.parse((await run(['rules', 'list', '--json'])).stdout)).toEqual([]);
  });

  it('names the line of what is no YAML or JSON, and refuses what unfolds or is not text', async () => {
    const yaml = await file('bad.yaml', 'name: x\nactions: [\n  - y\n');
    const json = await file('bad.json', '{\n  "name": "x",\n}');
    const bomb = [
      'a0: &a0 [x]',
      ...Array.from(
        { length: 9 },
        (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => `*a${i}`).join(', ')}]`,
      ),
    ];
    const aliases = await file('bomb.yaml', bomb.join('\n'));
    const latin = join(folder, 'latin.yaml');
    await writeFile(latin, Buffer.from([0x6e, 0x3a, 0x20, 0xe9]));
    const files = [yaml, json, aliases, latin, join(folder, 'none.yaml')];
    const { code, stderr } = await run(['rules', 'validate', '--offline', '-f', ...files]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/bad\.yaml: line \d+, column \d+: /);
    expect(stderr).toMatch(/bad\.json: line 3, column 1: /);
    expect(stderr).toMatch(/bomb\.yaml: .*alias/i);
    expect(stderr).toContain(`${latin}: is not UTF-8 text`);
    expect(stderr).toContain('none.yaml: there is no such file');
  });

  it('takes conditions nested 5,000 deep from JSON', async () => {
    const deep = `${'{"not":'.repeat(5000)}{"field":"event.amount","operator":"gt","value":1}${'}'.repeat(5000)}`;
    const text = JSON.stringify({ id: 'deep', ...ruleDefinition() }).replace(
      /"conditions":\{.*?\]\}/,
      `"conditions":${deep}`,
    );
    expect(await run(['rules', 'apply', '-f', '-'], text)).toMatchObject({ code: 0 });
    expect((await run(['rules', 'show', 'deep', '--json'])).stdout).toContain(deep);
    expect(await run(['rules', 'show', 'deep'])).toMatchObject({ code: 0 });
    const yaml = await file('deep.yaml', `${'- '.repeat(20_000)}x`);
    expect((await run(['rules', 'validate', '--offline', '-f', yaml])).code).toBe(1);
  });

  it('takes and explains what bounds how often a rule runs', async () => {
    const bounded = `${bigDeposit}re_enroll: { value: 7, unit: days }\nlimit: { count: 200, per: hour }\n`;
    expect(await run(['rules', 'apply', '-f', '-'], `id: bounded\n${bounded}`)).toMatchObject({ code: 0 });
    const { stdout } = await run(['rules', 'show', 'bounded']);
    expect(stdout).toMatch(/runs: +once in 7 days for each customer\n/);
    expect(stdout).toMatch(/limit: +200 runs in 1 hour, further ones are held\n/);
    const wrong = await run(
      ['rules', 'validate', '--offline', '-f', '-'],
      `${bigDeposit}limit: { count: 0, per: week }\n`,
    );
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('limit.count: must be a whole number from 1 to 1000000');
    expect(wrong.stderr).toContain('limit.per: must be "minute", "hour", "day" or a length of time');
  });

  it('lists, shows, archives and deletes rules', async () => {
    await run(['rules', 'apply', '-f', '-', '--by', 'alice'], `id: big\nbrand: alpha\n${bigDeposit}`);
    const list = await run([
      'rules',
      'list',
      '--brand',
      'alpha',
      '--trigger',
      'customer.deposited',
      '--status',
      'active',
    ]);
    expect(list.stdout.trim().split('\n')).toHaveLength(2);
    expect((await run(['rules', 'show', 'big'])).stdout).toMatch(
      /conditions:\n  all of\n    event\.amount gte 1000\n    not\n/,
    );
    expect(await run(['rules', 'archive', 'big', '--by', 'bob'])).toMatchObject({
      code: 0,
      stdout: 'archived big (v2)\n',
    });
    const shown = JSON.parse((await run(['rules', 'show', 'big', '--json'])).stdout) as Rule;
    expect(shown).toMatchObject({ status: 'archived', updated_by: 'bob', created_by: 'alice' });
    const refused = await run(['rules', 'apply', '-f', '-'], `id: big\n${bigDeposit}`);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('"big" is archived');
    expect(await run(['rules', 'delete', 'big'])).toMatchObject({ code: 0 });
    expect(await run(['rules', 'show', 'big'])).toMatchObject({
      code: 1,
      stderr: 'signalbox: There is no rule "big".\n',
    });
  });

  it('R-160 R-161 lets conditions use a status type as soon as the directory holds it', async () => {
    const rule = JSON.stringify({
      id: 'loyal',
      ...ruleDefinition({
        conditions: { match: 'all', rules: [{ field: 'customer.loyalty_status_id', operator: 'eq', value: 90 }] },
      }),
    });
    const before = await run(['rules', 'apply', '-f', '-'], rule);
    expect(before.code).toBe(1);
    expect(before.stderr).toContain('conditions.rules[0].field: is not a known field');
    const statuses = JSON.stringify({ statuses: [{ id: 90, type: 'loyalty', code: 'gold' }] });
    expect(await run(['directory', 'apply', '-f', '-'], statuses)).toMatchObject({
      code: 0,
      stdout: 'loaded statuses: 1\n',
    });
    expect(await run(['rules', 'validate', '-f', '-'], rule)).toMatchObject({ code: 0, stdout: '1 rule is valid\n' });
    expect(await run(['rules', 'apply', '-f', '-'], rule)).toMatchObject({ code: 0 });
  });

  it('OP-B9 warns of rules that start themselves again or contradict an active one, and stores them', async () => {
    const on = { trigger_event: 'customer.risk_changed' };
    const setRisk = (risk_level: string) => [{ type: 'customer.set_risk_level', params: { risk_level } }];
    const first = JSON.stringify({ id: 'first', ...ruleDefinition({ ...on, name: 'First', actions: setRisk('low') }) });
    const second = JSON.stringify({
      id: 'second',
      ...ruleDefinition({ ...on, name: 'Second', actions: setRisk('high') }),
    });
    const applied = await run(['rules', 'apply', '-f', '-'], first);
    expect(applied.code).toBe(0);
    expect(applied.stderr).toContain('warning: (stdin): actions[0]: customer.set_risk_level publishes');
    const validated = await run(['rules', 'validate', '-f', '-'], second);
    expect(validated).toMatchObject({ code: 0, stdout: '1 rule is valid\n' });
    expect(validated.stderr).toContain(
      'actions[0]: sets customer.risk_level to high, but rule "First" (first) sets it to low',
    );
    const alone = await run(['rules', 'validate', '--offline', '-f', '-'], second);
    expect(alone.stderr).not.toContain('First');
    expect(await run(['rules', 'archive', 'first'])).toMatchObject({ code: 0 });
    expect((await run(['rules', 'validate', '-f', '-'], second)).stderr).not.toContain('First');
  });
});
