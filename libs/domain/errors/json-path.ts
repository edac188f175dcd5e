/** Where in a document something is. Makes its text only when it is asked for: paths into deep trees are long. */
import { shorten } from '../values/shorten.ts';

export interface JsonPath {
  parent: JsonPath | null;
  /** A member's name with its dot, or an index in brackets: `.field`, `[3]`. */
  step: string;
}

/** Steps shown at each end of a path that is too long to read. */
const shown = 20;

export function at(parent: JsonPath | null, step: string): JsonPath {
  return { parent, step };
}

/** @returns e.g. `conditions.rules[0].field`; the middle of a very long path is left out. */
export function formatJsonPath(place: JsonPath): string {
  const last: string[] = [];
  let first: string[] = [];
  let left = 0;
  for (let next: JsonPath | null = place; next !== null; next = next.parent) {
    if (last.length < shown) last.push(next.step);
    else {
      first.push(next.step);
      if (first.length > 2 * shown) {
        first = first.slice(shown);
        left += shown;
      }
    }
  }
  if (first.length > shown) {
    left += first.length - shown;
    first = first.slice(first.length - shown);
  }
  const middle = left === 0 ? '' : `…(${left} more levels)…`;
  return `${first.toReversed().join('')}${middle}${last.toReversed().join('')}`;
}

/** The step to a member with any name. */
export function formatMember(name: string): string {
  const short = shorten(name, 60);
  return /^[\w$-]+$/.test(short) ? `.${short}` : `[${JSON.stringify(short)}]`;
}
