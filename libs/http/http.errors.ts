/** What can go wrong with a call, as errors a person can act on: `METHOD masked-URL → what happened`. */
import { STATUS_CODES } from 'node:http';
import { PermanentError, RetryableError, messageOf } from '#libs/domain/errors/errors.ts';
import { maskUrl } from '#libs/domain/masking/masking.ts';
import { buildExcerpt } from './response-excerpt.ts';
import { RequestTimeoutError } from './request-handler.ts';
import { BlockedAddressError } from './ssrf-connector.ts';
import type { HttpRequest, HttpResponse } from './http-message.ts';
import { retryAfterMs } from './retry-after.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

/** The receiver has said no: 3xx and those 4xx that do not pass by themselves. Code `webhook_status`. */
export class PermanentStatusError extends PermanentError {
  readonly status: number;
  /** The beginning of the answer, masked. */
  readonly excerpt: string;

  constructor(status: number, message: string, excerpt = '') {
    super('webhook_status', message);
    this.status = status;
    this.excerpt = excerpt;
  }
}

/** The receiver cannot now: 408, 425, 429 and 5xx. Code `webhook_status`. */
export class RetryableStatusError extends RetryableError {
  readonly status: number;
  /** The beginning of the answer, masked. */
  readonly excerpt: string;

  constructor(status: number, message: string, retryAfter: number | undefined, excerpt = '') {
    super('webhook_status', message, { retryAfterMs: retryAfter });
    this.status = status;
    this.excerpt = excerpt;
  }
}

const maxUrlLength = 200;
const invalidRequestCodes = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);
const certificateCodes =
  /^(?:CERT_|CRL_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/;

/** `METHOD masked-URL` or `METHOD name`, short enough for one line. */
export function describeRequest(request: Pick<HttpRequest, 'method' | 'url' | 'name'>): string {
  if (request.name !== undefined) return `${request.method} ${request.name}`;
  return `${request.method} ${shorten(maskUrl(request.url), maxUrlLength)}`;
}

/** The error of an answer that is not 2xx. */
export function statusError(request: HttpRequest, response: HttpResponse): PermanentStatusError | RetryableStatusError {
  const { status, headers } = response;
  const reason = STATUS_CODES[status];
  const parts = [reason === undefined ? `${status}` : `${status} ${reason}`];
  if (status >= 300 && status < 400) {
    const location = headers['location'];
    if (typeof location === 'string' && request.name === undefined) {
      parts.push(`to ${shorten(maskUrl(location), maxUrlLength)}`);
    }
    parts.push('(redirects are not followed: give the final URL)');
  }
  const excerpt = buildExcerpt(response.body, request);
  const message = `${describeRequest(request)} → ${parts.join(' ')}${excerpt === '' ? '' : `: ${excerpt}`}`;
  return status === 408 || status === 425 || status === 429 || status >= 500
    ? new RetryableStatusError(status, message, retryAfterMs(headers['retry-after']), excerpt)
    : new PermanentStatusError(status, message, excerpt);
}

/**
 * The error of a call without an answer. Of a receiver that is called by a name, it says nothing but what kind of
 * failure it was: the messages of sockets, resolvers and certificates hold addresses.
 * @param unanswered the receiver has the request, or a part of it
 */
export function transportError(
  request: HttpRequest,
  cause: unknown,
  unanswered: boolean,
): PermanentError | RetryableError {
  const code = toCode(cause);
  const message = (what: string): string => `${describeRequest(request)} → ${what}`;
  const isNamed = request.name !== undefined;
  if (cause instanceof BlockedAddressError) {
    const advice = 'an operator can allow its network in WEBHOOK_ALLOWED_NETWORKS';
    return new PermanentError(
      'webhook_blocked_address',
      message(`not sent: ${isNamed ? cause.kindOnly : cause.message}; ${advice}`),
      { cause },
    );
  }
  if (cause instanceof RequestTimeoutError) {
    return new RetryableError('webhook_timeout', message(cause.message), { cause, unanswered });
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new RetryableError('webhook_timeout', message('no connection in time'), { cause });
  }
  if (invalidRequestCodes.has(code)) {
    return new PermanentError('webhook_invalid_request', message(`not sent: ${isNamed ? code : messageOf(cause)}`), {
      cause,
    });
  }
  if (certificateCodes.test(code)) {
    const what = `the certificate is not valid: ${isNamed ? code : `${messageOf(cause)} (${code})`}`;
    return new PermanentError('webhook_certificate', message(what), { cause });
  }
  // A parser error carries what the receiver sent: it is not kept as the cause.
  const kept = code.startsWith('HPE_') ? { unanswered } : { cause, unanswered };
  return new RetryableError(
    'webhook_transport',
    message(`no answer: ${isNamed ? toKind(cause) : toReason(cause)}`),
    kept,
  );
}

function toCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function toKind(error: unknown): string {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = [...new Set(errors.map(toCode))].filter((code) => code !== '');
  return codes.length > 0 ? codes.join('; ') : 'the connection failed';
}

/** A connection tried over several addresses fails with one error that holds the others. */
function toReason(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(messageOf))].join('; ');
  const message = messageOf(error);
  const code = toCode(error);
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}
