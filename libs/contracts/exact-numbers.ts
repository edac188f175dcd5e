/**
 * Numbers that JavaScript cannot hold exactly. Rounding never brings a number from beyond the limit back below it, so
 * the parsed value tells what its text was like.
 */
import { at, formatMember, formatJsonPath, type JsonPath } from '#libs/domain/errors/json-path.ts';

/** Greater whole numbers have neighbours that are read as one and the same. */
export const maxExactNumber = Number.MAX_SAFE_INTEGER;

export const inexactNumber = `is a number beyond ${maxExactNumber}, which cannot be kept exactly: write it as a text`;

/**
 * Asked of every message, so it costs a tenth of what the parser does.
 * @param value not nested too deeply for recursion
 */
export function holdsInexactNumber(value: unknown): boolean {
  if (typeof value === 'number') return isBeyond(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsInexactNumber);
  const record = value as Record<string, unknown>;
  for (const name in record) {
    const member = record[name];
    if (typeof member === 'number' ? isBeyond(member) : typeof member === 'object' && holdsInexactNumber(member)) {
      return true;
    }
  }
  return false;
}

interface Pending {
  container: object;
  place: JsonPath | null;
}

/** @returns where in a parsed value a number beyond the limit is, as `data.order` or `[2].id`; null: nowhere */
export function findInexactNumber(root: unknown): string | null {
  if (isBeyond(root)) return '';
  const pending: Pending[] = isContainer(root) ? [{ container: root, place: null }] : [];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { container, place } = next;
    const isList = Array.isArray(container);
    const inner: Pending[] = [];
    for (const name of Object.keys(container)) {
      const value = (container as Record<string, unknown>)[name];
      const isWrong = isBeyond(value);
      if (!isWrong && !isContainer(value)) continue;
      const step = at(place, isList ? `[${name}]` : formatMember(name));
      if (isWrong) return formatJsonPath(step).replace(/^\./, '');
      if (isContainer(value)) inner.push({ container: value, place: step });
    }
    // From the end, so that the first one is taken next.
    for (const one of inner.reverse()) pending.push(one);
  }
  return null;
}

function isBeyond(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) > maxExactNumber;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
