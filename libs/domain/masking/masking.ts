/**
 * Takes secrets out of whatever people, logs and other systems get to read: run log, application log, error messages,
 * lifecycle payloads. A secret is shown as `***` and at most its last four characters. What is sent to others is never
 * masked.
 *
 * Masking twice changes nothing, and its time grows with the length of the text whatever the text is. Pure: it also
 * runs inside workflows.
 */
import { maskAssignments } from './assignments.ts';
import { maskEscaped } from './escapes.ts';
import { isCardNumber } from './cards.ts';
import { isSecretName } from './names.ts';
import { isNamedValue, maskPairs, namesSecret } from './pairs.ts';
import { maskSecret } from './secret.ts';
import { maskShapes } from './shapes.ts';
import { maskUrls } from './urls.ts';
import { cut } from '../values/shorten.ts';

export { isSecretHeader } from './names.ts';

/** A masked part can reveal another to the next pass; more than a few never happens. */
const maxPasses = 6;

/**
 * Masks secrets in running text: URLs with user-info, secret parameters or webhook paths, `name=value`,
 * `"name": "value"` and `<name>value</name>` of secret names, also where the name is a value itself, header lines,
 * bearer and basic credentials, JSON web tokens, private keys, card numbers and keys with known prefixes; also inside
 * percent-encoded text and escaped JSON.
 */
export function maskText(text: string): string {
  let masked = text;
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const next = maskPlain(maskEscaped(masked, maskPlain));
    if (next === masked) break;
    masked = next;
  }
  return masked;
}

function maskPlain(text: string): string {
  return maskShapes(maskAssignments(maskPairs(maskUrls(text))));
}

/** Masks one URL, whole or broken. Blanks and quotes, which would end a URL in running text, are encoded first. */
export function maskUrl(url: string): string {
  return maskText(url.trim().replace(/[\s"'`<>]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`));
}

/** An e-mail address or phone number as run logs show it: enough to recognise, not enough to use. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at > 0) return `${cut(address, 1)}***${address.slice(at)}`;
  return `${cut(address, 3)}***${address.length > 7 ? address.slice(-2) : ''}`;
}

interface Pending {
  value: unknown;
  /** Whether a name above it announced a secret: then every text and number below it is one. */
  secret: boolean;
  place: (masked: unknown) => void;
}

/**
 * Masks a JSON value of any depth: values under secret names whole, secrets in any other text and in names. The value
 * itself stays untouched. What `JSON.stringify` would turn into something else (dates, ids) is masked as that.
 * Values that occur twice are shared in the result, circles stay circles.
 */
export function maskValue(value: unknown): unknown {
  let result: unknown;
  const done = { true: new Map<object, unknown>(), false: new Map<object, unknown>() };
  const pending: Pending[] = [{ value, secret: false, place: (masked) => (result = masked) }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { secret, place } = next;
    const json = asJson(next.value);
    if (typeof json !== 'object' || json === null) {
      place(maskScalar(json, secret));
      continue;
    }
    const copies = done[`${secret}`];
    const known = copies.get(json);
    if (known !== undefined) {
      place(known);
      continue;
    }
    const copy: object = Array.isArray(json) ? Array.from({ length: json.length }) : {};
    copies.set(json, copy);
    place(copy);
    const isList = Array.isArray(json);
    const isPair = !isList && namesSecret(json);
    const members = Object.entries(json).map(([name, member]: [string, unknown]) => ({
      value: member,
      secret: secret || (!isList && (isSecretName(name) || (isPair && isNamedValue(name)))),
      place: (masked: unknown) => defineMember(copy, isList ? name : maskText(name), masked),
    }));
    // From the end, so that the first member is taken next and the order of names is kept.
    for (const member of members.reverse()) pending.push(member);
  }
  return result;
}

function asJson(value: unknown): unknown {
  const object = typeof value === 'object' && value !== null && 'toJSON' in value ? value : null;
  return typeof object?.toJSON === 'function' ? object.toJSON() : value;
}

function maskScalar(value: unknown, secret: boolean): unknown {
  if (typeof value === 'string') return secret ? maskSecret(value) : maskText(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  return secret || isCardNumber(String(value)) ? maskSecret(String(value)) : value;
}

/** A plain assignment to `__proto__` would change the object instead of its property. */
export function defineMember(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
