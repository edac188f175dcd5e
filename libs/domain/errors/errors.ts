/**
 * Every error this product raises on purpose. The class alone decides what happens next:
 * `PermanentError` ends the run (or sends the message to the dead letters), `RetryableError` is tried again
 * by the owner of the retry policy.
 */
import type { SignalboxErrorCode } from './error-codes.ts';
import type { ProblemCode, ProblemParams } from './problem-codes.ts';

/** One issue in something a person or a producer wrote. `path` is a JSON-path-like place, e.g. `actions[0].params.url`. */
export interface Problem {
  path: string;
  code: ProblemCode;
  message: string;
  /** Absent: the code says it all, or the message alone has the values. */
  params?: ProblemParams;
}

export abstract class SignalboxError extends Error {
  /** Stable, lower_snake_case; part of the public contract. */
  readonly code: SignalboxErrorCode;
  abstract readonly retryable: boolean;

  constructor(code: SignalboxErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Trying again cannot help: a person has to change something. */
export class PermanentError extends SignalboxError {
  readonly retryable = false;
}

/** The other side may recover: a server that is away, a 503, a timeout. */
export class RetryableError extends SignalboxError {
  readonly retryable = true;
  /** How long the other side asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** True when the other side may have taken what it was sent: it was handed over, and no answer came. */
  readonly unanswered: boolean;

  constructor(
    code: SignalboxErrorCode,
    message: string,
    options?: { cause?: unknown; retryAfterMs?: number | undefined; unanswered?: boolean },
  ) {
    super(code, message, options);
    this.retryAfterMs = options?.retryAfterMs;
    this.unanswered = options?.unanswered ?? false;
  }
}

/** Input that breaks its contract; lists every issue, not only the first. */
export class InvalidInputError extends PermanentError {
  readonly problems: Problem[];

  constructor(message: string, problems: Problem[], options?: { cause?: unknown }) {
    super('invalid_input', message, options);
    this.problems = problems;
  }
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
