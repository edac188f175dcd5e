// `npm run dev`: compiles and starts the system without playing the examples, and does so anew whenever a source
// changes. Data stays: the servers keep their state.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['apps', 'libs', 'temporal'];
/** Editors write a file in several steps, and a checkout many files. */
const settledMs = 300;

const ending = new AbortController();
let isChanged = true;
let wake = () => undefined;
let child = null;

function run(...args) {
  child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return once(child, 'exit');
}

for (const folder of sources) {
  watch(join(root, folder), { recursive: true }, () => {
    isChanged = true;
    wake();
    if (child?.spawnargs.includes('--no-examples')) child.kill('SIGTERM');
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    ending.abort();
    wake();
    child?.kill('SIGTERM');
  });
}

while (!ending.signal.aborted) {
  while (isChanged) {
    isChanged = false;
    await sleep(settledMs);
  }
  const [code] = await run(join(root, 'scripts/prepare.mjs'));
  if (code === 0 && !isChanged && !ending.signal.aborted)
    await run(join(root, 'dist/scripts/start.js'), '--no-examples');
  // What does not compile, or ended by itself, waits for the next change.
  if (!isChanged && !ending.signal.aborted) await new Promise((resolve) => (wake = resolve));
}
process.exit(0);
