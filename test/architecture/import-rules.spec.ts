/** The rules of `.dependency-cruiser*.cjs` proven on a small copy of the folders in which every one of them is broken. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const run = promisify(execFile);
const made: string[] = [];

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

/** @param files path → source of each file of the copy; the packages named are made up as well */
async function violations(config: string, files: Record<string, string>, packages: string[]): Promise<Violation[]> {
  const copy = await mkdtemp(join(tmpdir(), 'signalbox-imports-'));
  made.push(copy);
  for (const name of [
    '.dependency-cruiser.cjs',
    '.dependency-cruiser.workflows.cjs',
    'tsconfig.json',
    'package.json',
  ]) {
    await cp(join(root, name), join(copy, name));
  }
  const all = { ...files };
  for (const name of packages) {
    all[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    all[`node_modules/${name}/index.js`] = 'module.exports = {};';
  }
  for (const [path, source] of Object.entries(all)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), source);
  }
  const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] as string))];
  const { stdout } = await run(
    process.execPath,
    [program, '--config', config, '--output-type', 'json', ...folders],
    { cwd: copy, maxBuffer: 16 * 1024 * 1024 },
    // The exit code counts the violations.
  ).catch((error: { stdout: string }) => error);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

const importing = (...targets: string[]) =>
  targets.map((target, n) => `import * as i${n} from '${target}';`).join('\n');

describe('folder rules', () => {
  const libs = ['domain', 'contracts', 'config', 'store', 'kafka', 'http', 'lifecycle', 'telemetry'].map(
    (name) => `libs/${name}`,
  );
  const allowed: Record<string, string[]> = {
    'libs/domain': [],
    'libs/contracts': ['libs/domain'],
    'libs/config': [],
    'libs/store': ['libs/domain'],
    'libs/kafka': ['libs/contracts', 'libs/domain', 'libs/telemetry'],
    'libs/http': ['libs/domain'],
    'libs/lifecycle': ['libs/contracts', 'libs/kafka', 'libs/store', 'libs/http', 'libs/domain', 'libs/telemetry'],
    'libs/telemetry': ['libs/domain'],
    'temporal/contract': ['libs/domain'],
    'temporal/workflows': ['libs/domain', 'temporal/contract'],
    'temporal/client': [...libs, 'temporal/contract'],
    'temporal/activities': [...libs, 'temporal/contract'],
  };
  const shared = Object.keys(allowed);
  const specifier = (folder: string) => `#${folder}/target.ts`;

  it('refuse every arrow that is not drawn, and none that is', async () => {
    const files: Record<string, string> = { 'apps/api/target.ts': 'export {};', 'apps/worker/target.ts': 'export {};' };
    for (const folder of shared) {
      files[`${folder}/target.ts`] = 'export {};';
      // Written as types: knowing another folder's types is an arrow too.
      files[`${folder}/everything.ts`] = shared
        .map((other, n) => `import type * as i${n} from '${specifier(other)}';`)
        .join('\n');
    }
    files['apps/worker/everything.ts'] = importing(...shared.map(specifier));

    const found = await violations('.dependency-cruiser.cjs', files, []);
    const refused = new Set(
      found.filter(({ rule }) => rule.name.startsWith('arrows-of-')).map(({ from, to }) => `${from} -> ${to}`),
    );
    const expected = shared.flatMap((folder) =>
      shared
        .filter((other) => other !== folder && !allowed[folder]?.includes(other))
        .map((other) => `${folder}/everything.ts -> ${other}/target.ts`),
    );
    expect([...refused].sort()).toEqual(expected.sort());
  });

  it('refuse the console everything of ours', async () => {
    const files = {
      'libs/domain/values/target.ts': 'export {};',
      'apps/api/target.ts': 'export {};',
      'apps/console/src/main.tsx': importing(
        '../../../libs/domain/values/target.ts',
        '../../api/target.ts',
        './own.ts',
      ),
      'apps/console/src/own.ts': 'export {};',
    };
    const found = await violations('.dependency-cruiser.cjs', files, []);
    const refused = found.filter(({ rule }) => rule.name === 'arrows-of-apps-console').map(({ to }) => to);
    expect(refused.sort()).toEqual(['apps/api/target.ts', 'libs/domain/values/target.ts']);
  });

  it('refuse a room of the domain that imports a higher one, or that is not listed', async () => {
    const found = await violations(
      '.dependency-cruiser.cjs',
      {
        'libs/domain/rules/rule.ts': importing('../errors/errors.ts', '../matching/rule-index.ts'),
        'libs/domain/errors/errors.ts': 'export {};',
        'libs/domain/matching/rule-index.ts': importing('../attic/old.ts'),
        'libs/domain/attic/old.ts': 'export {};',
      },
      [],
    );
    expect(found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort()).toEqual([
      'arrows-of-room-matching: libs/domain/matching/rule-index.ts -> libs/domain/attic/old.ts',
      'arrows-of-room-rules: libs/domain/rules/rule.ts -> libs/domain/matching/rule-index.ts',
      'every-room-is-listed: libs/domain/matching/rule-index.ts -> libs/domain/attic/old.ts',
    ]);
  });

  it('refuse to import an app, from a shared folder or from another app', async () => {
    const found = await violations(
      '.dependency-cruiser.cjs',
      {
        'apps/api/main.ts': 'export {};',
        'apps/worker/main.ts': importing('../api/main.ts'),
        'libs/http/client.ts': importing('../../apps/api/main.ts'),
        'scripts/start.ts': importing('../apps/api/main.ts'),
      },
      [],
    );
    const names = (from: string) => found.filter((one) => one.from === from).map(({ rule }) => rule.name);
    expect(names('apps/worker/main.ts')).toContain('arrows-of-apps-worker');
    expect(names('libs/http/client.ts')).toContain('apps-are-imported-by-nobody');
    expect(names('scripts/start.ts')).toContain('apps-are-imported-by-nobody');
  });

  it('R-345 refuse that who publishes lifecycle events knows who handles them', async () => {
    const handlers = 'libs/lifecycle/handlers/workflow-events.module.ts';
    const found = await violations(
      '.dependency-cruiser.cjs',
      {
        [handlers]: 'export {};',
        'libs/lifecycle/publisher.ts': importing('./handlers/workflow-events.module.ts'),
        'apps/worker/main.ts': importing(`#${handlers}`),
        'examples/subscriber/main.ts': importing(`#${handlers}`),
      },
      [],
    );
    expect(found.map(({ rule, from }) => `${rule.name}: ${from}`).sort()).toEqual([
      'handlers-are-for-subscribers: apps/worker/main.ts',
      'handlers-are-for-subscribers: libs/lifecycle/publisher.ts',
    ]);
  });

  it('refuse packages a pure folder may not use, undeclared packages, Nest below the apps, and cycles', async () => {
    const found = await violations(
      '.dependency-cruiser.cjs',
      {
        'libs/domain/rules/rule.ts': importing('pino', 'node:fs', 're2js', 'node:crypto'),
        'libs/contracts/rule.ts': importing('zod', 'pino'),
        'libs/store/rules.ts': importing('nobody-declared-this', '@nestjs/common'),
        'libs/http/a.ts': `${importing('./b.ts')}\nexport const a = i0;`,
        'libs/http/b.ts': `${importing('./a.ts')}\nexport const b = i0;`,
        'libs/kafka/lost.ts': importing('./nowhere.ts'),
      },
      ['pino', 're2js', 'zod', 'nobody-declared-this', '@nestjs/common'],
    );
    const rows = found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    expect(rows).toContain('packages-of-libs-domain: libs/domain/rules/rule.ts -> node_modules/pino/index.js');
    expect(rows).toContain('packages-of-libs-domain: libs/domain/rules/rule.ts -> fs');
    expect(rows).toContain('packages-of-libs-contracts: libs/contracts/rule.ts -> node_modules/pino/index.js');
    expect(rows).toContain(
      'nest-only-in-apps-and-bootstrap: libs/store/rules.ts -> node_modules/@nestjs/common/index.js',
    );
    expect(rows.some((row) => row.startsWith('only-declared-packages: libs/store/rules.ts'))).toBe(true);
    expect(rows.some((row) => row.startsWith('no-cycles: libs/http/'))).toBe(true);
    expect(rows.some((row) => row.startsWith('everything-resolves: libs/kafka/lost.ts'))).toBe(true);
    expect(rows.filter((row) => /re2js|crypto|zod/.test(row))).toEqual([]);
  });
});

describe('the client of Kafka', () => {
  it('is imported by its adapter, the benchmark and what stands for others, and chosen in one place', async () => {
    const importers = [
      'libs/kafka/kafkajs/admin.ts',
      'bench/baseline/consumer.ts',
      'bench/observer.ts',
      'test/support/foreign-kafka.ts',
      'test/support/mutated/publish.ts',
    ];
    const refused = [
      'apps/ingress/pipeline.module.ts',
      'libs/kafka/topics.ts',
      'scripts/publish.ts',
      'bench/signalbox.ts',
      'test/support/ingress.ts',
      'test/integration/kafka/once.spec.ts',
    ];
    const adapter = '#libs/kafka/kafkajs/admin.ts';
    const found = await violations(
      '.dependency-cruiser.cjs',
      {
        ...Object.fromEntries([...importers, ...refused].map((path) => [path, importing('kafkajs')])),
        'libs/kafka/client.ts': importing(adapter),
        'apps/worker/connections.ts': importing(adapter),
        'libs/kafka/producer.ts': importing(adapter),
      },
      ['kafkajs'],
    );
    const from = (name: string) => found.filter(({ rule }) => rule.name === name).map((one) => one.from);
    expect(from('kafkajs-only-in-its-adapter').sort()).toEqual(refused.sort());
    expect(from('kafka-client-is-chosen-in-one-place').sort()).toEqual([
      'apps/worker/connections.ts',
      'libs/kafka/producer.ts',
    ]);
  });
});

describe('workflow rule', () => {
  it('finds a package or Node module several files away from a workflow, and lets types and Temporal pass', async () => {
    const found = await violations(
      '.dependency-cruiser.workflows.cjs',
      {
        'temporal/workflows/index.ts': `${importing('./run.ts', './typed.ts')}\nexport const all = [i0, i1];`,
        'temporal/workflows/run.ts': `${importing('@temporalio/workflow', '#temporal/contract/names.ts')}\nexport const run = [i0, i1];`,
        'temporal/workflows/typed.ts': `import type * as types from '#libs/telemetry/logger.ts';\nexport type Log = types.Log;`,
        'temporal/contract/names.ts': `${importing('#libs/domain/runs/run.ts', '#libs/domain/matching/rule-index.ts')}\nexport const names = [i0, i1];`,
        'libs/domain/matching/rule-index.ts': 'export const index = 1;',
        'libs/domain/runs/run.ts': `${importing('../values/sha256.ts', 'zod')}\nexport const rule = [i0, i1];`,
        'libs/domain/values/sha256.ts': `${importing('node:crypto')}\nexport const digest = i0;`,
        'libs/telemetry/logger.ts': `${importing('pino')}\nexport type Log = typeof i0;`,
      },
      ['pino', 'zod', '@temporalio/workflow'],
    );
    const reached = new Set(found.map(({ to }) => to));
    expect([...reached].sort()).toEqual(['crypto', 'libs/domain/matching/rule-index.ts', 'node_modules/zod/index.js']);
    expect(found.map(({ from }) => from)).toContain('temporal/workflows/index.ts');
  });

  it('finds pino behind a shared folder', async () => {
    const found = await violations(
      '.dependency-cruiser.workflows.cjs',
      {
        'temporal/workflows/run.ts': `${importing('#libs/telemetry/logger.ts')}\nexport const run = i0;`,
        'libs/telemetry/logger.ts': `${importing('pino')}\nexport const log = i0;`,
      },
      ['pino'],
    );
    expect(found.map(({ to }) => to)).toContain('node_modules/pino/index.js');
  });
});
