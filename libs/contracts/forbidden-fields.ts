/**
 * Credentials have no place in a reported event: rules, run records and logs would spread them. They are refused by the
 * names of their members, and neither stripped, which would hide the leak from its sender, nor stored.
 */
import { at, formatJsonPath, formatMember, type JsonPath } from '#libs/domain/errors/json-path.ts';

const forbidden: ReadonlySet<string> = new Set([
  'password',
  'mtpassword',
  'investorpassword',
  'masterpassword',
  'apikey',
  'accesskey',
  'secretkey',
  'privatekey',
  'secret',
  'accesstoken',
  'refreshtoken',
  'sessiontoken',
  'credentials',
]);

/** Half a character, which becomes another one on the wire. */
const halfCharacter = /\p{Cs}/u;

export interface UnfitMember {
  code: 'forbidden_field' | 'invalid_name' | 'invalid_text';
  /** As `customer.accounts[2].password`; never the value. */
  path: string;
}

/**
 * @param root of a JSON document that is not nested too deeply for recursion
 * @returns every member that may not be in a reported event, in their order
 */
export function findUnfitMembers(root: object): UnfitMember[] {
  const found: UnfitMember[] = [];
  collect(root, null, found);
  return found;
}

function collect(container: object, place: JsonPath | null, found: UnfitMember[]): void {
  const isList = Array.isArray(container);
  for (const [name, value] of Object.entries(container) as [string, unknown][]) {
    const step = at(place, isList ? `[${name}]` : formatMember(name));
    const code = (isList ? null : nameFault(name)) ?? valueFault(value);
    if (code !== null) found.push({ code, path: formatJsonPath(step).replace(/^\./, '') });
    else if (typeof value === 'object' && value !== null) collect(value, step, found);
  }
}

function nameFault(name: string): UnfitMember['code'] | null {
  if (forbidden.has(plainName(name))) return 'forbidden_field';
  return name === '__proto__' || halfCharacter.test(name) ? 'invalid_name' : null;
}

function valueFault(value: unknown): UnfitMember['code'] | null {
  return typeof value === 'string' && halfCharacter.test(value) ? 'invalid_text' : null;
}

/** Whatever case and separators it is written with. */
function plainName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/[_-]/g, '');
}
