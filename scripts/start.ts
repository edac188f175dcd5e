/** `npm start`: the whole system on this machine, with the examples played once. `-- --once` ends after them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { repositoryRoot } from '../stack/repository-root.ts';
import { runningInstance } from './instance/instance.file.ts';
import { stateFolder } from './instance/state-folder.ts';
import { playOn } from './start/examples.ts';
import { Instance } from './start/instance.ts';
import { Interrupted, onInterrupt, unlessAborted } from './start/interrupt.ts';
import { paintFor } from './start/terminal.ts';
import { whereToLook } from './start/where-to-look.ts';

const usage = `Starts the servers and the apps, loads the examples and plays their events.

  npm start              stays up until Ctrl-C; -- --no-examples plays none
  npm start -- --once    leaves with 0 when the examples ended as expected, else with 1
  npm run dev            stays up without playing the examples, and starts anew when a source changes

SIGNALBOX_STATE_DIR      where servers and apps keep their state (default .signalbox)
SIGNALBOX_PORTS=free     any free ports instead of the usual ones
TEMPORAL_ADDRESS, KAFKA_BROKERS, MONGODB_URI name servers of your own.`;

const { env } = process;
const paint = paintFor(process.stdout, env);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const report = (line: string): void => say(`   ${line}`);

/** @returns the exit code */
async function start({ once, isQuiet }: { once: boolean; isQuiet: boolean }): Promise<number> {
  const stateDir = stateFolder(env);
  const running = runningInstance(stateDir);
  if (running !== null) {
    const pid = Number.parseInt(running.process, 10);
    throw new Error(
      `signalbox runs already (process ${pid}): its API is ${running.urls.api}. End it there with Ctrl-C.`,
    );
  }
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });

  const interrupt = onInterrupt(() => {
    process.stderr.write('forced: the servers end by themselves\n');
    // What was started ends with this process, however it ends (`stack/supervisor.mjs`).
    process.exit(130);
  });
  const examplesFolder = join(repositoryRoot(), 'examples');
  const ports = env['SIGNALBOX_PORTS'] === 'free' ? 'free' : 'default';
  const instance = new Instance({ stateDir, env, ports, examplesFolder, report, signal: interrupt.signal });
  try {
    const since = Date.now();
    say(paint.bold('signalbox'));
    const system = await instance.start();
    report(`everything is up after ${((Date.now() - since) / 1000).toFixed(1)} s`);

    if (!isQuiet) {
      const play = playOn(system, examplesFolder, {
        paint,
        columns: process.stdout.columns || 160,
        print: say,
        signal: interrupt.signal,
        answers: once,
      });
      const asExpected = await unlessAborted(interrupt.signal, Promise.race([play, system.failure]));
      if (once) return asExpected ? 0 : 1;
    }

    say(await whereToLook(system, stateDir, paint));
    await unlessAborted(interrupt.signal, system.failure);
    return 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    // Leaving on request is how the long-running form ends; `--once` has proved nothing then.
    return once ? 130 : 0;
  } finally {
    say('\nstopping …');
    await instance.stop();
    interrupt.dispose();
    say('stopped');
  }
}

try {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      'no-examples': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) say(usage);
  // A start that was interrupted leaves work behind that would keep this process up.
  else process.exit(await start({ once: values.once, isQuiet: values['no-examples'] }));
} catch (error) {
  process.stderr.write(`\n${messageOf(error)}\n`);
  process.exit(1);
}
