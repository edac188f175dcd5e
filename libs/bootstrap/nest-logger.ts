import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#libs/telemetry/logger.ts';

/** Nest's own messages in the process's log. What Nest calls `log` is its start-up chatter: it becomes `debug`. */
export class NestLogger implements LoggerService {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  log(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.#write('trace', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.#write('warn', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.#write('error', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.#write('fatal', message, more);
  }

  /** Nest puts the name of the part that speaks last, and for errors a stack before it. */
  #write(level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal', message: unknown, more: unknown[]): void {
    const context = more.findLast((part) => typeof part === 'string' && !part.includes('\n'));
    const fields = context === undefined ? {} : { context };
    if (message instanceof Error) return this.#log[level]({ ...fields, err: message }, message.message);
    const stack = more.find((part) => typeof part === 'string' && part.includes('\n'));
    this.#log[level](stack === undefined ? fields : { ...fields, stack }, describe(message));
  }
}

function describe(message: unknown): string {
  return typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
}
