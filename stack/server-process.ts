import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { identify, lives, withDescendants } from './process-identity.ts';
import { privateFolder } from './private-folder.ts';
import { stackFile } from './repository-root.ts';
import { serverEnvironment } from './server-environment.ts';

export interface ServerProgram {
  /** How messages name it. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of it; left out: what servers may see of this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** The system user to run as, if not this process's own. */
  readonly user?: { uid: number; gid: number } | undefined;
  /** Takes the server's output; emptied at every launch. */
  readonly log: string;
  /** Holds the identity of the running process, so that the next start finds one that was left behind. */
  readonly record: string;
  readonly stopSignal?: NodeJS.Signals;
  readonly graceMs?: number;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves with a short text (`exit code 1`, `signal SIGKILL`) when the server has ended. */
  readonly ended: Promise<string>;
  readonly running: () => boolean;
  /** The server and its children. */
  pids(): number[];
  /** Asks it to end and waits. */
  stop(): Promise<void>;
  /** SIGKILL to it and its children, and waits until none of them is left. */
  kill(): Promise<void>;
}

/** Starts a server under its supervisor (`supervisor.mjs`). It runs when this resolves; whether it is ready is another question. */
export async function launch(program: ServerProgram): Promise<ServerProcess> {
  await endLeftover(program.record);
  privateFolder(dirname(program.log));
  privateFolder(dirname(program.record));
  writeFileSync(program.log, '', { mode: 0o600 });

  // Its own session: Ctrl-C in the terminal must not end the supervisor before the server.
  const supervisor = spawn(process.execPath, [stackFile('supervisor.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    env: serverEnvironment(),
  });
  // A supervisor that died early is reported through its exit, not through the broken pipe.
  supervisor.stdin.on('error', () => {});
  let end: string | null = null;
  let started: (pid: number) => void;
  let failed: (error: Error) => void;
  const pid = new Promise<number>((resolve, reject) => {
    started = resolve;
    failed = reject;
  });
  createInterface({ input: supervisor.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { pid?: number; error?: string; exit?: number | null; signal?: string };
    if (said.pid !== undefined) started(said.pid);
    if (said.error !== undefined) failed(new Error(`${program.title} could not be started: ${said.error}`));
    if (said.exit !== undefined) end = said.signal ? `signal ${said.signal}` : `exit code ${said.exit}`;
  });
  const ended = new Promise<string>((resolve) => {
    supervisor.once('error', (error) => {
      failed(new Error(`The supervisor of ${program.title} could not be started`, { cause: error }));
      resolve(error.message);
    });
    supervisor.once('close', () => {
      rmSync(program.record, { force: true });
      resolve(end ?? 'its supervisor ended');
      failed(new Error(`The supervisor of ${program.title} ended before it started the server`));
    });
  });
  const { command, args, cwd, env, user, log, stopSignal = 'SIGTERM', graceMs = 10_000 } = program;
  supervisor.stdin.write(
    `${JSON.stringify({ command, args, cwd, env: env ?? serverEnvironment(), ...user, log, stopSignal, graceMs })}\n`,
  );

  const serverPid = await pid;
  const identity = identify(serverPid);
  if (identity) writeFileSync(program.record, identity);
  let over = false;
  void ended.then(() => (over = true));
  return {
    pid: serverPid,
    ended,
    running: () => !over,
    pids: () => (over ? [] : withDescendants(serverPid)),
    stop: async () => {
      supervisor.stdin.end();
      await ended;
    },
    kill: async () => {
      if (!over) await killAll(withDescendants(serverPid));
      await ended;
    },
  };
}

/** The last lines of a log file, for error messages. */
export function lastLines(file: string, count = 15): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(size, 16_384));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return tail.toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Ends the server an earlier start recorded, if it still lives.
 * Its supervisor is ending it already; waiting first lets it close its files in order.
 */
async function endLeftover(record: string): Promise<void> {
  let identity: string;
  try {
    identity = readFileSync(record, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  for (let waited = 0; waited < 15_000 && lives(identity); waited += 100) await pause(100);
  if (lives(identity)) await killAll(withDescendants(Number.parseInt(identity, 10)));
  rmSync(record, { force: true });
}

async function killAll(pids: number[]): Promise<void> {
  const identities = pids.map(identify).filter((identity) => identity !== null);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  while (identities.some(lives)) await pause(20);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
