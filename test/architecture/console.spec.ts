/** What the console knows of the API, and how much a browser loads of it. */
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** Kilobytes after compression, of which 1 is 1000 bytes. */
function compressed(names: string[]): number {
  const bytes = names.map((name) => gzipSync(readFileSync(at(`dist/console/assets/${name}`))).length);
  return bytes.reduce((sum, one) => sum + one, 0) / 1000;
}

it('loads at most 220 KB of scripts and 45 KB of styles first, and 40 KB for another screen', () => {
  expect(existsSync(at('dist/console/index.html')), 'node scripts/prepare.mjs builds it').toBe(true);
  const page = readFileSync(at('dist/console/index.html'), 'utf8');
  const first = [...page.matchAll(/(?:src|href)="\/console\/assets\/([^"]+)"/g)].map(([, name]) => name!);
  const scripts = first.filter((name) => name.endsWith('.js'));
  const styles = first.filter((name) => name.endsWith('.css'));
  const later = readdirSync(at('dist/console/assets')).filter((name) => !first.includes(name));
  expect(scripts.length).toBeGreaterThan(0);
  expect(styles.length).toBeGreaterThan(0);
  // The screens there are share the most of this.
  expect(compressed(later)).toBeLessThanOrEqual(40);
  expect(compressed(scripts)).toBeLessThanOrEqual(220);
  expect(compressed(styles)).toBeLessThanOrEqual(45);
});
