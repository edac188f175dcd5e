/** JSON logs, one entry per fact. Field names: `eventId`, `ruleId`, `runId`, `topic`, `partition`, `offset`, `err`. */
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { maskValue } from '#libs/domain/masking/masking.ts';

export type { Logger } from 'pino';

/**
 * Nothing secret leaves through it, wherever in an entry it stands: message, fields, errors with their causes, names
 * bound to a child. Masking looks at the finished line, so it costs nothing for entries below `level`.
 *
 * @param app name of the process, on every line as `app`
 */
export function createLogger(app: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: (line) => `${JSON.stringify(maskValue(JSON.parse(line)))}\n` },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
