import { HttpException } from '@nestjs/common';
import type { Problem } from '#libs/domain/errors/errors.ts';
import type { ErrorCode } from './error-catalog.ts';

/** An answer that is no success, with the stable code callers may rely on. */
export class ApiError extends HttpException {
  readonly code: string;
  readonly details: readonly Problem[];
  /** Seconds after which the same request may be sent again. */
  readonly retryAfter: number | null;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    details: readonly Problem[] = [],
    retryAfter: number | null = null,
  ) {
    super(message, status);
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
  }
}
