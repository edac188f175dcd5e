import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRuleRepository, type RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let rules: RuleRepository;
let folder: string;

beforeEach(async () => {
  store = await openTestStore();
  rules = createRuleRepository(store.connection);
  folder = await mkdtemp(join(tmpdir(), 'signalbox-code-'));
  const conditions = { match: 'any' as const, rules: [{ field: 'event.amount', operator: 'gte' as const, value: 5 }] };
  await rules.apply(
    [
      { id: 'zebra', definition: ruleDefinition({ name: 'Zebra', conditions, re_enroll: 'once', status: 'draft' }) },
      { id: 'ape', definition: ruleDefinition({ name: 'Ape: "quoted" # no comment', brand: 'alpha', priority: 7 }) },
      { id: 'old', definition: ruleDefinition() },
    ],
    'test',
  );
  await rules.archive('old', 'test');
});
afterEach(async () => {
  await store.drop();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]): Promise<CliResult> => signalbox(store.uri, ['rules', ...args]);
const versions = async () => (await rules.list({})).items.map(({ id, version }) => `${id} ${version}`);

describe('rules as code', () => {
  it('exported twice are the same, and applied change nothing', async () => {
    const [first, second] = [await run('export'), await run('export')];
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toBe(first.stdout);
    expect([...first.stdout.matchAll(/- id: (\w+)/g)].map(([, id]) => id)).toEqual(['ape', 'zebra']);
    const file = join(folder, 'all.yaml');
    await writeFile(file, first.stdout);
    expect(await run('diff', '-f', file)).toMatchObject({ code: 0, stdout: '0 would change, 2 unchanged\n' });
    const before = await versions();
    expect(await run('apply', '-f', file)).toMatchObject({ code: 0 });
    expect(await versions()).toEqual(before);
  });

  it('in a folder keep what people wrote beside them', async () => {
    expect(await run('export', '--out', folder)).toMatchObject({ code: 0, stdout: expect.stringContaining('2 files') });
    expect((await readdir(folder)).sort()).toEqual(['ape.yaml', 'zebra.yaml']);
    const file = join(folder, 'ape.yaml');
    const commented = `# Ask Ann before you change it.\n${await readFile(file, 'utf8')}`;
    await writeFile(file, commented);
    expect(await run('export', '--out', folder)).toMatchObject({ stdout: expect.stringContaining('0 files') });
    expect(await readFile(file, 'utf8')).toBe(commented);
    await rules.apply([{ id: 'ape', definition: ruleDefinition({ priority: 8 }) }], 'test');
    expect(await run('export', '--out', folder)).toMatchObject({ stdout: expect.stringContaining('1 files') });
    expect(await readFile(file, 'utf8')).toContain('priority: 8');
  });

  it('say what would change, and change nothing in a dry run', async () => {
    await run('export', '--out', folder);
    const file = join(folder, 'zebra.yaml');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('value: 5', 'value: 6').replace('status: draft', 'status: active'),
    );
    await writeFile(join(folder, 'new.yaml'), (await readFile(file, 'utf8')).replace('id: zebra', 'id: newt'));
    const before = await versions();
    const told = [
      'created newt',
      'changed zebra',
      '  status: "draft" → "active"',
      '  conditions.rules[0].value: 5 → 6',
      '2 would change, 1 unchanged',
      '',
    ].join('\n');
    expect(await run('diff', '-f', folder)).toMatchObject({ code: 2, stdout: told });
    expect(await run('apply', '-f', folder, '--dry-run')).toMatchObject({ code: 2, stdout: told });
    expect(await versions()).toEqual(before);
    expect(await run('apply', '-f', folder)).toMatchObject({ code: 0 });
    expect(await run('apply', '-f', folder, '--dry-run')).toMatchObject({ code: 0 });
  });

  it('with issues are refused with their place, also in a dry run', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'name: Bad\ntrigger_event: a.b\nactions: []\n');
    for (const args of [['diff'], ['apply', '--dry-run']]) {
      const { code, stdout, stderr } = await run(...args, '-f', folder);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/bad\.yaml: actions: must hold at least one action/);
    }
    expect(await run('diff')).toMatchObject({ code: 64 });
  });

  it('have a schema for editors', async () => {
    const { code, stdout } = await run('schema');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'Rule', required: ['name', 'trigger_event', 'actions'] });
  });
});
