/** `npm run release`, on a copy of the project with a history of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const json = (path: string) => JSON.parse(read(path)) as { version: string; info: { version: string } };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-release-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const path of listed.toString().split('\0')) {
    if (path !== '' && existsSync(join(root, path))) cpSync(join(root, path), join(folder, path));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  git('init', '--quiet');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@signalbox.example');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'the state before');
});
afterEach(() => rmSync(folder, { recursive: true }));

function release(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release.mjs', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

it('holds package, lock file, changelog, descriptions and tag together', () => {
  const { status, said } = release('7.1.0');
  expect([status, said]).toEqual([0, expect.stringContaining('signalbox 7.1.0 is committed and tagged')]);
  expect([json('package.json').version, json('package-lock.json').version]).toEqual(['7.1.0', '7.1.0']);
  for (const path of ['docs/openapi.json', 'docs/asyncapi.json']) expect(json(path).info.version).toBe('7.1.0');
  expect(read('CHANGELOG.md')).toMatch(/## \[Unreleased\]\n\n## \[7\.1\.0\] - \d{4}-\d\d-\d\d\n/);
  expect(git('rev-parse', 'v7.1.0^{commit}')).toBe(git('rev-parse', 'HEAD'));
  expect(git('status', '--porcelain')).toBe('');
});

it('refuses what is no next version, and what would not be whole, and changes nothing', () => {
  const before = git('rev-parse', 'HEAD');
  const { version } = json('package.json');
  expect(release()).toMatchObject({ status: 1, said: expect.stringContaining('name one version') as string });
  expect(release('v7')).toMatchObject({ status: 1, said: expect.stringContaining('name one version') as string });
  expect(release(version)).toMatchObject({ status: 1, said: expect.stringContaining('is not greater than') as string });
  git('tag', 'v7.1.0');
  expect(release('7.1.0')).toMatchObject({ status: 1, said: expect.stringContaining('is taken') as string });
  writeFileSync(join(folder, 'README.md'), 'changed');
  expect(release('7.2.0')).toMatchObject({ status: 1, said: expect.stringContaining('not committed') as string });
  git('checkout', '--', 'README.md');
  expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([before, '']);
});
