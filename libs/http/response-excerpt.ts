/** The beginning of an answer, fit for errors and logs. */
import { isSecretHeader, maskText, maskUrl } from '#libs/domain/masking/masking.ts';
import type { HttpRequest } from './http-message.ts';
import { cut, shorten } from '#libs/domain/values/shorten.ts';

const readLength = 2000;
const shownLength = 200;
/** A shorter piece of a URL is too common a word to be removed from a text. */
const minSecretLength = 6;

/**
 * One line of at most 200 characters, masked. Receivers like to echo what they were sent, so the secrets of this very
 * request are removed first, whatever they look like.
 */
export function buildExcerpt(body: string, request: SecretHolder): string {
  if (body === '') return '';
  let text = cut(body, readLength);
  // A shorter answer holds none.
  const secrets = text.length < minSecretLength ? [] : findSecrets(request);
  for (const secret of secrets) text = text.replaceAll(secret, '***');
  const line = maskText(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return shorten(line, shownLength);
}

type SecretHolder = Pick<HttpRequest, 'url' | 'headers' | 'name'>;

function findSecrets(request: SecretHolder): string[] {
  const headerValues = Object.entries(request.headers)
    .filter(([name]) => request.name !== undefined || isSecretHeader(name))
    .flatMap(([, value]) => [value, ...value.split(' ')]);
  // Of a receiver that is called by a name, nothing may be seen.
  const masked = request.name === undefined ? maskUrl(request.url) : '';
  const urlParts = request.url.split(/[/?&=#@:]/).filter((part) => !masked.includes(part));
  return [...headerValues, ...urlParts].filter((part) => part.length >= minSecretLength);
}
