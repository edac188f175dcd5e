/** A service that subscribes to lifecycle events, as a process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { WorkflowEventsOptions } from '#libs/lifecycle/handlers/options.ts';

export interface SubscriberProcess {
  /** What its handler has handled. */
  handled: { eventId: string; eventType: string; executionId: string }[];
  /** SIGKILL. Resolves when it is gone and everything it has said was heard. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('subscriber-process.mjs', import.meta.url));
const compiled = new URL('../../dist/libs/lifecycle/handlers/', import.meta.url).href;

/** @param holdUp the run of which no event is ever done */
export function startSubscriberProcess(options: WorkflowEventsOptions, holdUp?: string): SubscriberProcess {
  const child = spawn(process.execPath, [program, compiled, JSON.stringify({ options, holdUp })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const subscriber: SubscriberProcess = {
    handled: [],
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as SubscriberProcess['handled'][number];
    // Its log is beside it.
    if (!('level' in said)) subscriber.handled.push(said);
  });
  return subscriber;
}
