/**
 * How deep a YAML text nests, told before it is parsed: the parser recurses, and where its stack ends while a regular
 * expression is compiled, Node ends the process.
 */
import { CST, Lexer } from 'yaml';

/** Levels that the parser has stack for, whatever they are made of: its own count may be the double of this one. */
export const deepestYaml = 250;

/** Of indicators in one line, over which the lexer recurses. */
const longRun = new RegExp(`(?:[-?:][ \\t]+){${deepestYaml}}`);

/** Reads tokens only, and no further than to the first place that is too deep. */
export function isTooDeepForYaml(text: string): boolean {
  if (longRun.test(text)) return true;
  const nesting = new Nesting();
  for (const token of new Lexer().lex(text)) {
    nesting.take(token);
    if (nesting.depth > deepestYaml) return true;
  }
  return false;
}

class Nesting {
  #flows = 0;
  /** Where the open blocks begin, each to the right of the one around it. */
  readonly #blocks: number[] = [];
  #column = 0;
  /** Where the latest text, quote, anchor or tag began: the key, when a colon follows. */
  #key = 0;

  get depth(): number {
    return this.#flows + this.#blocks.length;
  }

  take(token: string): void {
    const type = CST.tokenType(token);
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.#flows += 1;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') this.#flows = Math.max(0, this.#flows - 1);
    else if (type === 'flow-error-end') this.#flows = 0;
    else if (this.#flows === 0) this.#block(type);
    if (!marks.has(type)) this.#move(token);
  }

  #block(type: CST.TokenType | null): void {
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') this.#open(this.#column);
    else if (type === 'map-value-ind') this.#open(this.#key);
    else if (!blanks.has(type)) this.#key = this.#column;
  }

  #open(column: number): void {
    while ((this.#blocks.at(-1) ?? -1) >= column) this.#blocks.pop();
    this.#blocks.push(column);
  }

  #move(token: string): void {
    const lineEnd = token.lastIndexOf('\n');
    this.#column = lineEnd === -1 ? this.#column + token.length : token.length - lineEnd - 1;
  }
}

/** Tokens of the lexer's own, which stand for nothing of the text. */
const marks = new Set<CST.TokenType | null>(['doc-mode', 'flow-error-end', 'scalar']);
const blanks = new Set<CST.TokenType | null>(['space', 'newline', 'comment', 'byte-order-mark', ...marks]);
