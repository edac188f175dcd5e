import { join } from 'node:path';
import type { ServerPart } from '../managed-server.ts';
import { privateFolder } from '../private-folder.ts';
import { temporalAnswers } from '../probes.ts';

/** Search attributes of a run, with their Temporal types. */
export const searchAttributes = {
  RuleId: 'Keyword',
  Brand: 'Keyword',
  TriggerEvent: 'Keyword',
  EventId: 'Keyword',
  CustomerId: 'Keyword',
  Login: 'Int',
  RunState: 'Keyword',
} as const;

/** The Temporal development server with durable state. `uiPort` null: without its UI. */
export function temporalServer(options: {
  program: string;
  stateDir: string;
  port: number;
  uiPort: number | null;
}): ServerPart {
  const { program, stateDir, port, uiPort } = options;
  const folder = join(stateDir, 'temporal');
  return {
    title: 'Temporal server',
    prepare: async () => {
      privateFolder(folder);
      return {
        title: 'Temporal server',
        command: program,
        args: [
          'server',
          'start-dev',
          '--ip',
          '127.0.0.1',
          '--port',
          String(port),
          ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
          '--db-filename',
          join(folder, 'temporal.db'),
          // The default journal mode syncs the file several times a transaction; this one is as safe against a killed process.
          '--sqlite-pragma',
          'journal_mode=WAL',
          '--sqlite-pragma',
          'synchronous=NORMAL',
          // Without it every step of a run waits up to 50 ms for the next poll of the transfer queue.
          '--dynamic-config-value',
          'history.transferProcessorMaxPollRPS=1000',
          ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
          '--log-level',
          'warn',
        ],
        cwd: folder,
        log: join(stateDir, 'logs', 'temporal.log'),
        record: join(stateDir, 'run', 'temporal'),
      };
    },
    ready: () => temporalAnswers(port),
  };
}
