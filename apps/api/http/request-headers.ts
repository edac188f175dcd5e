/** Versions of rules as entity tags (RFC 9110), and `Idempotency-Key`. */
import type { Problem } from '#libs/domain/errors/errors.ts';
import type { Response } from 'express';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { ApiError } from './api.error.ts';

/** Says in the answer which version it holds. */
export function tagged(response: Response, rule: Rule): Rule {
  response.setHeader('ETag', `"${rule.version}"`);
  return rule;
}

/**
 * The version that the writer has seen.
 * @param ifMatch the header, as `"3"`; `*` is any version
 * @param version what the body says
 * @returns undefined when neither names one
 * @throws ApiError 400 `invalid_header` for a header that no answer of ours gave, 422 `invalid_body` when both differ
 */
export function seenVersion(ifMatch: string | undefined, version: number | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return version;
  const tag = /^"(\d{1,15})"$/.exec(ifMatch.trim())?.[1];
  if (tag === undefined) {
    const message = 'must be the ETag of the rule as it was read, such as "3"';
    throw invalidHeader('if-match', message);
  }
  if (version !== undefined && version !== Number(tag)) {
    const details: Problem[] = [
      { path: 'version', code: 'wrong_value', message: `is ${version}, and If-Match says ${tag}` },
    ];
    throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', details);
  }
  return Number(tag);
}

/** @throws ApiError 422 `invalid_body` when neither names one, else as `seenVersion` */
export function neededVersion(ifMatch: string | undefined, version: number | undefined): number {
  const seen = seenVersion(ifMatch, version);
  if (seen !== undefined) return seen;
  const message = 'is missing: send the version of the rule as you read it, here or as If-Match';
  throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', [
    { path: 'version', code: 'required', message },
  ]);
}

/** @returns null when there is none. @throws ApiError 400 `invalid_header` */
export function idempotencyKey(key: string | undefined): string | null {
  if (key === undefined) return null;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalidHeader('idempotency-key', 'must be 1 to 255 visible ASCII characters, such as a UUID');
}

function invalidHeader(path: string, message: string): ApiError {
  const details: Problem[] = [{ path, code: 'wrong_value', message }];
  return new ApiError(400, 'invalid_header', 'A header is wrong; see details.', details);
}
