/** What a command is: words, help, options, and what it does. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './cli-error.ts';
import type { Config } from '#libs/config/config.ts';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { HeldRuns } from '#temporal/client/held-runs.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import type { StoreSession } from './store-session.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

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

export interface Command {
  /** e.g. `rules apply`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** The full help. */
  help: string;
  run(args: string[], tools: Tools): Promise<void>;
}

type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>;

export interface Definition<O extends Options> {
  name: string;
  summary: string;
  /** Lines below the summary: usage, options, examples. */
  details: string;
  options: O;
  run: (input: Parsed<O>, tools: Tools) => Promise<void>;
}

/** A command whose options `node:util` reads; a wrong one is a usage error that shows the help's first lines. */
export function command<const O extends Options>({ name, summary, details, options, run }: Definition<O>): Command {
  const help = `${summary}\n\n${details.trim()}`;
  return {
    name,
    summary,
    help,
    async run(args, tools) {
      let parsed: Parsed<O>;
      try {
        parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
      } catch (error) {
        throw new UsageError(`${formerOption(args) ?? (error as Error).message}\n\n${help}`);
      }
      await run(parsed, tools);
    },
  };
}

/** What options were called before. */
const formerOptions: Readonly<Record<string, string>> = { '--override-two-persons': '--override-four-eyes' };

function formerOption(args: readonly string[]): string | null {
  const former = args
    .map((argument) => argument.split('=', 1)[0] ?? '')
    .find((name) => Object.hasOwn(formerOptions, name));
  return former === undefined ? null : `${former} is called ${formerOptions[former]} now`;
}

/** The one argument of commands such as `rules show ID`. @throws UsageError when there is none, or more */
export function onlyArgument(positionals: string[], what: string): string {
  const [only, ...others] = positionals;
  if (only === undefined || others.length > 0) {
    throw new UsageError(
      `expected one argument: ${what}; there ${positionals.length === 0 ? 'is none' : `are ${positionals.length}`}`,
    );
  }
  return only;
}

/** @throws UsageError when there are arguments nobody asked for */
export function noArguments(positionals: string[]): void {
  if (positionals.length > 0) throw new UsageError(`unexpected argument: ${positionals[0]}`);
}

/** A whole number from an option's text. @throws UsageError */
export function wholeNumber(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${option} "${text}" must be a whole number from ${min} to ${max}`);
}

/** The id of a manager from an option's text. @throws UsageError */
export function managerId(option: string, text: string): number {
  return wholeNumber(option, text, { min: 1, max: Number.MAX_SAFE_INTEGER });
}

/** @throws UsageError naming what would be right */
export function readOneOf<const T extends string>(option: string, text: string, values: readonly T[]): T {
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option} "${text}" must be one of ${values.join(', ')}`);
}
