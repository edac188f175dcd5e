/** The native part of the Temporal SDK: its log goes to ours, its metrics to a port of this machine's own. */
import { createServer } from 'node:net';
import { Runtime, type Logger as SdkLogger, type LogLevel } from '@temporalio/worker';
import type { Logger } from '#libs/telemetry/logger.ts';

let installed: Promise<() => Promise<string>> | undefined;

/** There is one for each process: the first log is taken. @returns a function that reads the SDK's metrics, in Prometheus text format */
export function installTemporalRuntime(log: Logger): Promise<() => Promise<string>> {
  return (installed ??= install(log));
}

async function install(log: Logger): Promise<() => Promise<string>> {
  const bindAddress = `127.0.0.1:${await freePort()}`;
  Runtime.install({
    logger: bridge(log.child({ part: 'temporal' })),
    // The process decides when its workers end.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      metrics: { prometheus: { bindAddress, countersTotalSuffix: true, useSecondsForDurations: true } },
    },
  });
  return async () => {
    const answer = await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(2_000) });
    return answer.text();
  };
}

/** What the SDK calls information is its start-up chatter. */
const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;

/** Not worth a warning: how a run ended is said by the run, and a worker for activities alone is meant to be one. */
const quiet = new Set(['Workflow failed', 'No workflows registered, not polling for workflow tasks']);

function bridge(log: Logger): SdkLogger {
  const write = (level: LogLevel, message: string, meta: Record<string, unknown> = {}): void => {
    const { error, ...fields } = meta;
    const at = quiet.has(message) ? 'debug' : levels[level];
    log[at](error === undefined ? fields : { ...fields, err: error }, message);
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

/** The SDK takes no port 0. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}
