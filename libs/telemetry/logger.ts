/** JSON logs, one entry per fact. Field names: `eventId`, `ruleId`, `runId`, `topic`, `partition`, `offset`, `err`. */
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** @param app name of the process, on every line as `app` */
export function createLogger(app: string, level: string, destination?: DestinationStream): Logger {
  const options = { level, base: { app }, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}
