#!/usr/bin/env node
/** The operator's command line. */
import { buffer } from 'node:stream/consumers';
import { runCli } from './run-cli.ts';

// The reader may close the pipe early (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), process.env, {
  out: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  readInput: () => buffer(process.stdin),
});
