/** What commands have at hand, and the options that several of them take. commander reads them. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Config } from '#libs/config/config.ts';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { HeldRuns } from '#temporal/client/held-runs.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import type { StoreSession } from './store-session.ts';

export interface Terminal {
  /** The result, for people or machines. */
  out: (text: string) => void;
  /** Everything else. */
  note: (text: string) => void;
  /** The whole of standard input. */
  readInput: () => Promise<Buffer>;
}

export interface Tools extends Terminal {
  /** @throws ConfigError */
  config: () => Config;
  /** Opened on first use. @throws RetryableError `store_unavailable` */
  store: () => Promise<StoreSession>;
  audited: Audited;
  heldRuns: () => Promise<HeldRuns>;
  control: () => Promise<RunControl>;
}

export const byOption = new Option('--by <name>', 'who does it (default: your login name)');
export const jsonOption = new Option('--json', 'print the result as JSON');
export const brandOption = new Option('--brand <brand>');
export const cursorOption = new Option('--cursor <cursor>', 'the next page, as the page before it named it');

/** @param max most that may be asked for at once */
export const limitOption = (max: number) =>
  new Option('--limit <n>', 'at most this many').argParser(wholeNumber(1, max)).default(20);

/** Of an option or argument: a whole number. */
export const wholeNumber =
  (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** Of an option that may be given several times. */
export const repeated = (text: string, before: string[] = []): string[] => [...before, text];
