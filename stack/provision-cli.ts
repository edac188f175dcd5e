import { provideBrowser } from './browser.ts';
import { provision } from './provision.ts';

/*
 * `node dist/stack/provision-cli.js [--tests]`: builds what the servers need, without starting them.
 * With --tests also the time-skipping test server, and a browser.
 */
try {
  const forTests = process.argv.includes('--tests');
  const report = (line: string): void => void process.stdout.write(`${line}\n`);
  await provision({ forTests, report });
  if (forTests) await provideBrowser(process.env, report);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
