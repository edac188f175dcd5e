/** The frame every process runs in: configuration, log, metrics, signals, and an end that is either orderly or loud. */
import type { Registry } from 'prom-client';
import { createLogger, type Logger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';

export interface ProcessConfig {
  process: {
    logLevel: string;
    /** Milliseconds. */
    shutdownGraceMs: number;
  };
}

export interface AppContext<Config> {
  config: Config;
  log: Logger;
  registry: Registry;
  /** Aborted when the process begins to end. */
  stopping: AbortSignal;
}

export interface App<Config> {
  /** `ingress`, `worker` or `api`: on every log line and metric. */
  name: string;
  /** @throws an error whose message tells a person what to put right. */
  loadConfig: () => Config;
  /** Resolves when the process does its work. `close` gives back everything it holds. */
  start: (context: AppContext<Config>) => Promise<{ close(): Promise<void> }>;
}

/** The part of Node's `process` that this frame uses. */
export type ProcessHost = Pick<NodeJS.Process, 'on' | 'once' | 'exit' | 'stderr'>;

/**
 * Runs a process until a signal ends it. Exit codes: 0 after an orderly end, 1 when the configuration is wrong, the
 * start failed, an error was not caught, or the end took longer than SHUTDOWN_GRACE_MS.
 */
export async function runApp<Config extends ProcessConfig>(
  app: App<Config>,
  host: ProcessHost = process,
): Promise<void> {
  let config: Config;
  try {
    config = app.loadConfig();
  } catch (error) {
    host.stderr.write(`${app.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    host.exit(1);
    return;
  }
  const log = createLogger(app.name, config.process.logLevel);
  const stopping = new AbortController();

  // An error that is not caught leaves unknown state behind. Everything that matters is durable: ending is the safe way on.
  const fatal = (error: unknown, origin: string): void => {
    log.fatal({ err: error }, origin);
    host.exit(1);
  };
  host.on('uncaughtException', (error) => fatal(error, 'uncaught exception'));
  host.on('unhandledRejection', (error) => fatal(error, 'unhandled rejection'));

  const starting = app.start({ config, log, registry: createMetrics(app.name), stopping: stopping.signal });
  const stop = (signal: NodeJS.Signals): void => {
    // Ctrl-C reaches a process twice when its parent passes it on; the grace period already bounds the end.
    if (stopping.signal.aborted) return;
    log.info({ signal }, 'stopping');
    stopping.abort();
    const timer = setTimeout(
      () => fatal(new Error(`still busy after ${config.process.shutdownGraceMs} ms`), 'did not stop in time'),
      config.process.shutdownGraceMs,
    );
    starting
      .then((running) => running.close())
      .then(
        () => {
          clearTimeout(timer);
          log.info('stopped');
          host.exit(0);
        },
        (error: unknown) => fatal(error, 'could not stop in order'),
      );
  };
  host.on('SIGTERM', stop);
  host.on('SIGINT', stop);

  try {
    await starting;
    log.info('started');
  } catch (error) {
    fatal(error, 'could not start');
  }
}
