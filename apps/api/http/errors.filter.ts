/** Every error as the envelope `{ success: false, error: { code, message, details? } }`. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { InvalidInputError, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import { withoutAddresses } from '#libs/domain/masking/without-addresses.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { admittedAt } from '../auth/session.guard.ts';
import { errorCatalog, type ErrorEntry } from './error-catalog.ts';
import { ApiError } from './api.error.ts';
import { untilNextMultiple } from './next-multiple.ts';

/** Errors of Nest and of the body parser carry no code of ours. Their messages may quote a path, which may be secret. */
const generic: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['malformed_request', 'The request cannot be read: its body has to be JSON.'],
  404: ['not_found', 'There is nothing at this address.'],
  413: ['too_large', 'The request is too large.'],
  415: ['unsupported_media_type', 'Send JSON: Content-Type: application/json.'],
};

@Catch()
export class ErrorsFilter implements ExceptionFilter {
  readonly #log: Logger;
  readonly #notFoundMs: number;

  /** @param notFoundMs answers that something is not there come after a multiple of it */
  constructor(log: Logger, notFoundMs: number) {
    this.#log = log;
    this.#notFoundMs = notFoundMs;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const answer = answerFor(error);
    if (answer.status >= 500) this.#log.error({ err: error, code: answer.code }, 'request failed');
    if (response.headersSent) {
      response.end();
      return;
    }
    if (answer.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (answer.status === 503) response.setHeader('Retry-After', '1');
    if (error instanceof ApiError && error.retryAfter !== null)
      response.setHeader('Retry-After', String(error.retryAfter));
    const { status, code, message, details } = answer;
    const known = { code, message: maskText(message), ...(details.length > 0 && { details }) };
    const send = (): void => void response.status(status).json({ success: false, error: known });
    const since = status === 404 ? admittedAt(host.switchToHttp().getRequest<Request>()) : undefined;
    if (since === undefined) send();
    else setTimeout(send, untilNextMultiple(performance.now() - since, this.#notFoundMs));
  }
}

type Answer = Pick<ApiError, 'code' | 'message' | 'details'> & { status: number };

function answerFor(error: unknown): Answer {
  if (error instanceof ApiError) return { status: error.getStatus(), ...pick(error), details: error.details };
  if (error instanceof InvalidInputError) return { status: 400, ...pick(error), details: error.problems };
  if (error instanceof RetryableError) return { status: 503, code: error.code, message: awayText(error), details: [] };
  if (error instanceof SignalboxError) return { status: toStatus(error.code), ...pick(error), details: [] };
  const status = toHttpStatus(error);
  const [code, message] =
    generic[status] ?? (status < 500 ? generic[400]! : ['internal_error', 'Something went wrong here.']);
  return { status, code, message, details: [] };
}

function toStatus(code: string): number {
  const entries: Record<string, ErrorEntry> = errorCatalog;
  return Object.hasOwn(entries, code) ? (entries[code]?.status ?? 500) : 500;
}

/** What a driver says of the store stands in the log; callers are told neither host nor port of any server. */
function awayText({ code, message }: RetryableError): string {
  return code === 'store_unavailable' ? errorCatalog.store_unavailable.meaning : withoutAddresses(message);
}

function pick({ code, message }: { code: string; message: string }): { code: string; message: string } {
  return { code, message };
}

/** The body parser's errors are plain ones with a `statusCode`. */
function toHttpStatus(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
