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

const readyWithinMs = 90_000;

/** A server of one or more processes, which start in the given order and stop in the opposite one. */
export function managedServer(title: string, parts: readonly ServerPart[], report: Report): ManagedServer {
  let running: ServerProcess[] = [];

  async function start(): Promise<void> {
    if (running.length > 0 && running.every((process) => process.running()))
      throw new Error(`${title} is already running`);
    // One part may have died alone.
    await stop();
    const since = Date.now();
    try {
      for (const part of parts) {
        const program = await part.prepare();
        const process = await launch(program);
        running.push(process);
        await untilReady(part, process, program);
      }
    } catch (error) {
      await stop();
      throw error;
    }
    for (const [index, process] of running.entries()) watch(process, parts[index]?.title ?? title);
    report(`${title}: ready after ${elapsed(since)}`);
  }

  function watch(process: ServerProcess, name: string): void {
    void process.ended.then((how) => {
      if (running.includes(process)) report(`${name} ended on its own (${how}); its log is in the state folder`);
    });
  }

  async function stop(): Promise<void> {
    const processes = running.reverse();
    running = [];
    for (const process of processes) await process.stop();
  }

  async function kill(): Promise<void> {
    const processes = running.reverse();
    running = [];
    await Promise.all(processes.map((process) => process.kill()));
  }

  return { title, start, stop, kill, pids: () => running.flatMap((process) => process.pids()) };
}

/** @throws with the last lines of the log when the process ends or does not get ready in time */
async function untilReady(part: ServerPart, process: ServerProcess, program: ServerProgram): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  const log = () => `The last lines of its log:\n${lastLines(program.log)}`;
  while (!(await part.ready())) {
    if (!process.running()) throw new Error(`${part.title} ended while starting (${await process.ended}). ${log()}`);
    if (Date.now() > deadline) throw new Error(`${part.title} did not get ready in time. ${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // Where it could not bind its port because another took it in between, that other one has answered.
  if (!process.running()) throw new Error(`${part.title} ended while starting (${await process.ended}). ${log()}`);
}
