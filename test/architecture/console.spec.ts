/** What the console knows of the API, and how much a browser loads of it. */
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it('has its types from the description of the API as it is now', async () => {
  const path = at('apps/console/src/shared/api-types.ts');
  const made = COMMENT_HEADER + astToString(await openapiTS(new URL('../../docs/openapi.json', import.meta.url)));
  const wanted = await format(made, { ...(await resolveConfig(path)), filepath: path });
  expect(readFileSync(path, 'utf8') === wanted, 'npm run generate makes them anew').toBe(true);
});

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  isDynamicEntry?: boolean;
}

/** Most kilobytes of scripts that a screen loads beyond the first load; 40 where it is not named here. */
const largest: Record<string, number> = {
  'src/rule-editor/new-rule-page.tsx': 110,
  'src/rule-editor/edit-rule-page.tsx': 110,
  'src/rule-editor/yaml/yaml-view.tsx': 170,
};

/** What is opened within a screen counts beyond what that has loaded. */
const within: Record<string, string> = {
  'src/rule-editor/yaml/yaml-view.tsx': 'src/rule-editor/new-rule-page.tsx',
};

const manifest = (): Record<string, Chunk> => {
  const path = at('dist/console/.vite/manifest.json');
  expect(existsSync(path), 'node scripts/prepare.mjs builds it').toBe(true);
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>;
};

/** A chunk and all that it imports at once. */
function closure(chunks: Record<string, Chunk>, name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const one of chunks[name]!.imports ?? []) closure(chunks, one, found);
  return found;
}

/** Kilobytes after compression, of which 1 is 1000 bytes. */
function compressed(files: string[]): number {
  const bytes = files.map((name) => gzipSync(readFileSync(at(`dist/console/${name}`))).length);
  return bytes.reduce((sum, one) => sum + one, 0) / 1000;
}

it('loads at most 220 KB of scripts and 45 KB of styles first', () => {
  const chunks = manifest();
  const first = [...closure(chunks, 'index.html')].map((name) => chunks[name]!);
  expect(compressed(first.map(({ file }) => file))).toBeLessThanOrEqual(220);
  const styles = first.flatMap(({ css = [] }) => css);
  expect(styles.length).toBeGreaterThan(0);
  expect(compressed(styles)).toBeLessThanOrEqual(45);
});

it('loads at most 40 KB of scripts for another screen', () => {
  const chunks = manifest();
  const first = closure(chunks, 'index.html');
  const later = Object.keys(chunks).filter((name) => chunks[name]!.isDynamicEntry);
  expect(later.length).toBeGreaterThan(0);
  const sizes = later.map((name) => {
    const around = within[name] === undefined ? first : closure(chunks, within[name], new Set(first));
    const files = [...closure(chunks, name)].filter((one) => !around.has(one)).map((one) => chunks[one]!.file);
    return { name, kilobytes: compressed(files) };
  });
  expect(sizes.filter(({ name, kilobytes }) => kilobytes > (largest[name] ?? 40))).toEqual([]);
});
