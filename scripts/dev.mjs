// `npm run dev`: Node's watch mode runs this anew whenever a source changes: it compiles, then starts the system without
// playing the examples. Data stays: the servers keep their state.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const prepared = spawnSync(process.execPath, [fileURLToPath(new URL('prepare.mjs', import.meta.url))], {
  stdio: ['ignore', 2, 2],
});
// The next change tries again.
if (prepared.status !== 0) process.exit(1);
process.argv.push('--no-examples');
await import('../dist/scripts/start.js');
