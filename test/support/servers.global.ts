/** Starts the servers once for a whole test run, on free ports with state of their own, unless their addresses are given. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startStack } from '../../stack/stack.ts';

export default async function setup(): Promise<() => Promise<void>> {
  // Threads, processes and workers run compiled code.
  for (const script of ['build', 'bundle-workflows']) {
    const path = fileURLToPath(new URL(`../../scripts/${script}.mjs`, import.meta.url));
    await promisify(execFile)(process.execPath, [path]);
  }
  const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  const stack = await startStack({ stateDir, ports: 'free', report: (line) => console.log(line) });
  // Worker processes of Vitest inherit the environment of this one.
  Object.assign(process.env, stack.environment());
  return async () => {
    await stack.stop();
    await rm(stateDir, { recursive: true, force: true });
  };
}
