/** How a command ends: each kind of error has an exit code that scripts can rely on. */

export const exitCodes = { ok: 0, invalid: 1, usage: 2, unreachable: 3 } as const;

/** The command was called wrongly; the message says how to call it. Exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What was given is wrong: one line for each mistake. Exit code 1. */
export class InvalidError extends Error {
  override name = 'InvalidError';

  constructor(
    summary: string,
    readonly mistakes: readonly string[] = [],
  ) {
    super(summary);
  }
}
