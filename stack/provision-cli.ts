import { provision } from './provision.ts';

/*
 * `node dist/stack/provision-cli.js [--tests]`: builds what the servers need, without starting them.
 * With --tests also the time-skipping test server.
 */
try {
  const forTests = process.argv.includes('--tests');
  await provision({ forTests, report: (line) => process.stdout.write(`${line}\n`) });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
