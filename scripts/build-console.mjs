// Bundles the console into dist/console, unless what lies there is newer than everything it is made of.
//
//   node scripts/build-console.mjs [--force]
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = join(root, 'apps/console');
const page = join(root, 'dist/console/index.html');

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestSource() {
  const files = readdirSync(app, { recursive: true }).map((name) => join(app, name));
  const settings = ['package-lock.json', 'tsconfig.json', 'scripts/build-console.mjs'].map((name) => join(root, name));
  return Math.max(...[...files, ...settings].map(modified));
}

// Loading the bundler takes longer than looking.
if (process.argv.includes('--force') || modified(page) <= newestSource()) {
  const since = Date.now();
  console.log('building the console …');
  // React has a slow variant for all else, and tests build, too.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  await build({ configFile: join(app, 'vite.config.ts') });
  console.log(`building the console: done in ${((Date.now() - since) / 1000).toFixed(1)} s`);
}
