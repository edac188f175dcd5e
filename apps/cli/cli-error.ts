/** How a command ends: each kind of error has an exit code that scripts can rely on. */

export const exitCodes = { ok: 0, invalid: 1, differs: 2, unreachable: 3, usage: 64 } as const;

/** The command was called wrongly; the message says how to call it. Exit code 64 (EX_USAGE of sysexits). */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Nothing is wrong, and something would change. Exit code 2. */
export class Differs extends Error {
  override name = 'Differs';
}

/** What was given is wrong: one line for each issue. Exit code 1. */
export class InvalidError extends Error {
  override name = 'InvalidError';

  constructor(
    summary: string,
    readonly issues: readonly string[] = [],
  ) {
    super(summary);
  }
}
