/** What incoming webhooks are told when an operation was not executed. */
import { PermanentError, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { withoutAddresses } from '#libs/domain/masking/without-addresses.ts';
import { ApiError } from '../http/api.error.ts';
import { errorCatalog } from '../http/error-catalog.ts';

const statuses = {
  bad_request: 400,
  unknown_operation: 400,
  invalid_input: 400,
  delegation_not_supported: 400,
  security_error: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_parameter: 422,
  too_many_requests: 429,
  internal_error: 500,
  unavailable: 503,
} as const;

export type HookErrorCode = keyof typeof statuses;

export class HookError extends SignalboxError {
  declare readonly code: HookErrorCode;
  /** Seconds after which the same request may be sent again. */
  readonly retryAfter: number | null;

  constructor(code: HookErrorCode, message: string, retryAfter: number | null = null) {
    super(code, message);
    this.retryAfter = retryAfter ?? (code === 'unavailable' ? 1 : null);
  }

  get retryable(): boolean {
    return this.code === 'unavailable' || this.code === 'too_many_requests';
  }

  get status(): number {
    return statuses[this.code];
  }
}

export function securityError(message: string): HookError {
  return new HookError('security_error', message);
}

export function invalidInput(message: string): HookError {
  return new HookError('invalid_input', message);
}

export function conflict(message: string): HookError {
  return new HookError('conflict', message);
}

/** What runs, the start of requests and the reading of parameters say, as callers know it. */
const codes: Readonly<Record<string, HookErrorCode>> = {
  approval_conflict: 'conflict',
  approval_expired: 'conflict',
  run_conflict: 'conflict',
  no_exception_path: 'conflict',
  rule_not_usable: 'conflict',
  start_refused: 'conflict',
  not_entitled: 'security_error',
  run_not_found: 'not_found',
};

/** The answer to any thrown value; an unexpected error is `internal_error`. */
export function toHookError(error: unknown): HookError {
  if (error instanceof HookError) return error;
  if (error instanceof ApiError && isCode(error.code)) return new HookError(error.code, error.message);
  if (error instanceof RetryableError) return new HookError('unavailable', awayText(error));
  if (error instanceof PermanentError) {
    const code = codes[error.code] ?? (isCode(error.code) ? error.code : null);
    if (code !== null) return new HookError(code, error.message);
  }
  return new HookError('internal_error', 'Something went wrong here.');
}

function isCode(code: string): code is HookErrorCode {
  return Object.hasOwn(statuses, code);
}

/** What a driver says of the store stands in the log; callers are told neither host nor port of any server. */
function awayText({ code, message }: RetryableError): string {
  return code === 'store_unavailable' ? errorCatalog.store_unavailable.meaning : withoutAddresses(message);
}
