import { setTimeout as sleep } from 'node:timers/promises';
import { elapsed, type Report } from './progress.ts';
import { lastLines, launch, type ServerProcess, type ServerProgram } from './server-process.ts';

/** One process of a server: what to launch and how to see that it is ready. */
export interface ServerPart {
  readonly title: string;
  /** Makes the state ready for a launch (first or after a kill) and says what to launch. */
  prepare(): Promise<ServerProgram>;
  ready(): Promise<boolean>;
}

export interface ManagedServer {
  readonly title: string;
  pids(): number[];
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** A busy machine takes long to start a server, and one that hangs is found by people sooner. */
const readyWithinMs = 300_000;
/** Milliseconds before the first and the longest before a further attempt to start what ended on its own. */
const restartPauses = { first: 500, longest: 30_000 };

/**
 * A server of one or more processes, which start in the given order and stop in the opposite one. Once started, it is
 * started again whenever one of them ends on its own, until it is stopped.
 */
export function managedServer(title: string, parts: readonly ServerPart[], report: Report): ManagedServer {
  let running: ServerProcess[] = [];
  /** Aborted when it is to run no longer. */
  let wanted = new AbortController();
  let restarting: Promise<void> | null = null;

  async function start(): Promise<void> {
    if (running.length > 0 && running.every((process) => process.running()))
      throw new Error(`${title} is already running`);
    // One part may have died alone, and be starting again.
    await stop();
    wanted = new AbortController();
    await launchAll(wanted.signal);
  }

  async function launchAll(signal: AbortSignal): Promise<void> {
    const since = Date.now();
    await end((process) => process.stop());
    try {
      for (const part of parts) {
        signal.throwIfAborted();
        const program = await part.prepare();
        const process = await launch(program);
        running.push(process);
        await untilReady(part, process, program, signal);
      }
    } catch (error) {
      await end((process) => process.stop());
      throw error;
    }
    for (const [index, process] of running.entries()) watch(process, parts[index]?.title ?? title);
    report(`${title}: ready after ${elapsed(since)}`);
  }

  function watch(process: ServerProcess, name: string): void {
    void process.ended.then((how) => {
      if (!running.includes(process) || wanted.signal.aborted) return;
      report(`${name} ended on its own (${how}) and is started again; its log is in the state folder`);
      // All parts: those that depend on the one that ended would not find it again.
      restarting ??= restart(wanted.signal).finally(() => (restarting = null));
    });
  }

  async function restart(signal: AbortSignal): Promise<void> {
    for (let pauseMs = restartPauses.first; !signal.aborted; pauseMs = Math.min(pauseMs * 2, restartPauses.longest)) {
      try {
        await sleep(pauseMs, undefined, { signal, ref: false });
        return await launchAll(signal);
      } catch (error) {
        if (!signal.aborted)
          report(`${title} could not be started again: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async function end(how: (process: ServerProcess) => Promise<void>): Promise<void> {
    const processes = running.reverse();
    running = [];
    for (const process of processes) await how(process);
  }

  async function stop(): Promise<void> {
    wanted.abort();
    await restarting;
    await end((process) => process.stop());
  }

  async function kill(): Promise<void> {
    wanted.abort();
    await restarting;
    const processes = running.reverse();
    running = [];
    await Promise.all(processes.map((process) => process.kill()));
  }

  return { title, start, stop, kill, pids: () => running.flatMap((process) => process.pids()) };
}

/** @throws with the last lines of the log when the process ends or does not get ready in time */
async function untilReady(
  part: ServerPart,
  process: ServerProcess,
  program: ServerProgram,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  const log = () => `The last lines of its log:\n${lastLines(program.log)}`;
  while (!(await part.ready())) {
    signal.throwIfAborted();
    if (!process.running()) throw new Error(`${part.title} ended while starting (${await process.ended}). ${log()}`);
    if (Date.now() > deadline) throw new Error(`${part.title} did not get ready in time. ${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // Where it could not bind its port because another took it in between, that other one has answered.
  if (!process.running()) throw new Error(`${part.title} ended while starting (${await process.ended}). ${log()}`);
}
