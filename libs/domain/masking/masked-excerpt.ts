/**
 * The beginning of a value as people get to see it, without secrets. It is cut before it is masked, so its cost does not
 * grow with what is left out.
 */
import { shorten } from '../values/shorten.ts';
import { writeJson } from '../json/stringify-json.ts';
import { defineMember, maskText, maskValue } from './masking.ts';
import { maskSecret } from './secret.ts';

/** Characters looked at beyond those shown: what a secret in the shown part is recognised by may stand behind it. */
const margin = 4_000;
/** What ends a URL or a word; anything else may be one long secret. */
const breaks = /[\s"'`<>]/;

/**
 * @param name whose value it is: some names alone announce a secret
 * @param longest characters of a text, or of the JSON of anything else
 * @returns the masked value itself where it is short enough, else the beginning of its text and `…`
 */
export function maskedExcerpt(value: unknown, name: string, longest: number): unknown {
  const clipped = new Clipping(longest + margin);
  const kept = clipped.clip(value);
  const masked = (maskValue({ [name]: kept }) as Record<string, unknown>)[name];
  const text = typeof masked === 'string' ? masked : writeJson(masked);
  if (!clipped.isCut && text.length <= longest) return masked;
  return shorten(`${text}…`, longest + 1);
}

/**
 * A value with every text in it cut and masked, in its own shape.
 *
 * @param longest characters of one text
 * @param most characters of all of it as JSON, roughly: members behind them are left out
 */
export function maskedOutline(value: unknown, longest: number, most: number): unknown {
  return maskValue(new Clipping(most, longest).clip(value));
}

interface Pending {
  value: unknown;
  place: (kept: unknown) => void;
}

/** Copies a JSON value from its beginning until nothing is left of its allowance. No recursion: it may be deep. */
class Clipping {
  #left: number;
  readonly #longest: number;
  isCut = false;

  constructor(most: number, longest = Number.POSITIVE_INFINITY) {
    this.#left = most;
    this.#longest = longest;
  }

  clip(root: unknown): unknown {
    let result: unknown;
    const pending: Pending[] = [{ value: root, place: (kept) => (result = kept) }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { value, place } = next;
      this.#left -= 1;
      if (typeof value === 'string') place(this.#text(value));
      else if (typeof value !== 'object' || value === null) place(value);
      else {
        const copy: object = Array.isArray(value) ? [] : {};
        place(copy);
        // Taken from the end, so that the first member comes next.
        for (const [name, member] of this.#members(value).reverse()) {
          pending.push({ value: member, place: (kept) => defineMember(copy, name, kept) });
        }
      }
      if (this.#left > 0 || pending.length === 0) continue;
      this.isCut = true;
      break;
    }
    return result;
  }

  /** As many members as the allowance holds the names of. */
  #members(value: object): [string, unknown][] {
    const members: [string, unknown][] = [];
    const isList = Array.isArray(value);
    const names = isList ? value.keys() : Object.keys(value).values();
    for (const name of names) {
      if (this.#left <= members.length) {
        this.isCut = true;
        break;
      }
      const text = String(name);
      const member: unknown = (value as Record<string, unknown>)[text];
      if (isList) members.push([text, member]);
      else members.push([this.#text(text), member]);
    }
    return members;
  }

  #text(text: string): string {
    const most = Math.min(this.#longest, Math.max(0, this.#left));
    this.#left -= Math.min(text.length, most);
    if (text.length <= most) return text;
    this.isCut = true;
    if (this.#longest === Number.POSITIVE_INFINITY) return withoutTornWord(text.slice(0, most));
    return shorten(`${maskText(withoutTornWord(text.slice(0, most + margin)))}…`, most + 1);
  }
}

/** A word that was cut could be a secret that nothing tells any more: it is shown as one. */
function withoutTornWord(text: string): string {
  let start = text.length;
  while (start > 0 && !breaks.test(text.charAt(start - 1))) start -= 1;
  return text.slice(0, start) + maskSecret(text.slice(start));
}
