/**
 * Reads a JSON text (RFC 8259) for what a parser does not tell: a name said twice in one object, which parsers settle
 * differently, and nesting, which overflows whatever recurses later on. One pass, no recursion, nothing is built, so a
 * text may be asked before it is trusted.
 */
import { at, formatMember, type JsonPath } from '#libs/domain/errors/json-path.ts';

export interface JsonFault {
  code: 'not_json' | 'duplicate_member' | 'too_deep';
  /** Of the member or item that is wrong, or that was being read; null: the whole text. */
  place: JsonPath | null;
  /** In UTF-16 code units from the beginning of the text. */
  offset: number;
}

/** An object or list that is being read. */
interface Level {
  /** Names so far; null for a list. */
  names: Set<string> | null;
  /** Of the member that is being read, as it is written between its quotes. */
  name: string;
  /** Of the item that is being read. */
  index: number;
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const quote = '"';
const firstPrintable = 0x20;
const backslash = 0x5c;
const quoteCode = 0x22;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** @param maxDepth objects and lists that may lie inside one another @returns the first fault, or null */
export function findJsonFault(text: string, maxDepth: number): JsonFault | null {
  return new JsonScan(text, maxDepth).run();
}

class JsonScan {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #levels: Level[] = [];
  #offset = 0;
  #fault: JsonFault | null = null;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  run(): JsonFault | null {
    do {
      // Each turn reads one value, or the beginning of one that holds others, and closes what ends behind it.
      const isOpened = this.#readValue();
      if (!isOpened && this.#fault === null) this.#closeLevels();
    } while (this.#fault === null && this.#levels.length > 0);
    this.#skipBlanks();
    if (this.#offset < this.#text.length) this.#fail('not_json');
    return this.#fault;
  }

  /** @returns whether an object or list has begun that is not empty; its next value comes next */
  #readValue(): boolean {
    this.#skipBlanks();
    const character = this.#text[this.#offset];
    if (character === '{' || character === '[') return this.#open(character);
    if (character === quote) this.#readText();
    else if (!this.#skip(number) && !this.#skip(word)) this.#fail('not_json');
    return false;
  }

  #open(bracket: '{' | '['): boolean {
    if (this.#levels.length >= this.#maxDepth) {
      this.#fail('too_deep');
      return false;
    }
    this.#offset += 1;
    if (this.#take(bracket === '{' ? '}' : ']')) return false;
    const level: Level = { names: bracket === '{' ? new Set() : null, name: '', index: 0 };
    this.#levels.push(level);
    if (level.names !== null) this.#readName(level, level.names);
    return true;
  }

  /** Up to where the next value is due. */
  #closeLevels(): void {
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      const { names } = level;
      if (this.#take(',')) {
        level.index += 1;
        if (names !== null) this.#readName(level, names);
        return;
      }
      if (!this.#take(names === null ? ']' : '}')) return this.#fail('not_json');
      this.#levels.pop();
    }
  }

  #readName(level: Level, names: Set<string>): void {
    level.name = '';
    this.#skipBlanks();
    const from = this.#offset;
    if (this.#text[from] !== quote) return this.#fail('not_json');
    if (!this.#readText()) return;
    // One name can be written in many ways.
    const written = this.#text.slice(from, this.#offset);
    level.name = written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1);
    if (names.has(level.name)) return this.#fail('duplicate_member', from);
    names.add(level.name);
    if (!this.#take(':')) this.#fail('not_json');
  }

  /** @returns whether the quoted text is right */
  #readText(): boolean {
    for (let index = this.#offset + 1; index < this.#text.length; index += 1) {
      const code = this.#text.charCodeAt(index);
      if (code === quoteCode) {
        this.#offset = index + 1;
        return true;
      }
      if (code < firstPrintable) break;
      if (code !== backslash) continue;
      escaped.lastIndex = index;
      if (!escaped.test(this.#text)) break;
      index = escaped.lastIndex - 1;
    }
    this.#fail('not_json');
    return false;
  }

  #take(character: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#offset] !== character) return false;
    this.#offset += 1;
    return true;
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#offset))) this.#offset += 1;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#offset;
    if (!pattern.test(this.#text)) return false;
    this.#offset = pattern.lastIndex;
    return true;
  }

  #fail(code: JsonFault['code'], offset = this.#offset): void {
    this.#fault ??= { code, place: this.#place(), offset };
  }

  #place(): JsonPath | null {
    let place: JsonPath | null = null;
    for (const { names, name, index } of this.#levels) {
      if (names === null) place = at(place, `[${index}]`);
      else if (name !== '') place = at(place, formatMember(name));
    }
    return place;
  }
}
