/** `docs/requirements.md` and the numbers that test titles carry. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lines = readFileSync(join(root, 'docs/requirements.md'), 'utf8').split('\n');
const requirements = lines.flatMap((line) => {
  const [, id, text] = /^- \*\*(R-\d{3})\*\* (.+)$/.exec(line) ?? [];
  return id === undefined || text === undefined ? [] : [{ id, text }];
});

const specs = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.spec.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

/** The first text of every `it(…)` and `it.each(…)(…)` that begins with requirement numbers. */
const named = specs.flatMap((path) =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/(['"`])((?:R-\d+[ ,]*)+)/g)].flatMap(([, , numbers]) =>
    [...numbers!.matchAll(/R-\d+/g)].map(([id]) => ({ path, id })),
  ),
);

describe('docs/requirements.md', () => {
  it('numbers the requirements without gap and without repeating one', () => {
    expect(requirements.length).toBeGreaterThan(300);
    const expected = requirements.map((_, index) => `R-${String(index + 1).padStart(3, '0')}`);
    expect(requirements.map(({ id }) => id)).toEqual(expected);
  });

  it('says of every open point what was chosen', () => {
    const open = requirements.filter(
      ({ text }) => /ours to decide|project decides/.test(text) || text.includes('_our choice:_'),
    );
    expect(open.filter(({ text }) => !/_our choice:_ \S/.test(text))).toEqual([]);
  });
});

describe('titles of tests', () => {
  it('name requirements that exist', () => {
    const known = new Set(requirements.map(({ id }) => id));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  it('name none that is out of scope or advice', () => {
    const untestable = new Set(
      requirements.filter(({ text }) => /_(out of scope|advice)_$/.test(text)).map(({ id }) => id),
    );
    expect(named.filter(({ id }) => untestable.has(id))).toEqual([]);
  });
});
