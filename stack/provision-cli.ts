import { provideBrowser } from './browser.ts';
import { makeAll } from './build/artifact.ts';
import { versitygw } from './build/go.build.ts';
import { provision } from './provision.ts';

/*
 * `node dist/stack/provision-cli.js [--tests]`: builds what the servers need, without starting them.
 * With --tests also the time-skipping test server, S3-compatible storage, and a browser.
 */
try {
  const forTests = process.argv.includes('--tests');
  const report = (line: string): void => void process.stdout.write(`${line}\n`);
  await provision({ forTests, report });
  if (forTests) {
    await makeAll([versitygw], process.env, report);
    await provideBrowser(process.env, report);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
