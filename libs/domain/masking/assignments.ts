/**
 * Secrets that a name announces in running text: `token=abc`, `"password": "a b"`, `X-Api-Key: abc`, and the same
 * inside JSON that is itself a JSON string. One pass over the text; every character is looked at a bounded number of
 * times, so hostile text costs no more than other text.
 */
import { isCertainSecretName, isSecretName, mayNameSecret } from './names.ts';
import { endWithoutPunctuation, maskSecret } from './secret.ts';

/** name, closing quote of the name, blanks, separator, blanks. The look-behind keeps it linear. */
const assignment = /(?<![\w.-])([\w.-]+)(\\{0,64}["'`]?)(?:\[\]|\])?([^\S\r\n]*)(=+>?|:=?)([^\S\r\n]*)/g;
const openingQuote = /(\\{0,64})(["'`])/y;
const oneTokenScheme = /(?:Bearer|Basic|Token|Bot|ApiKey|Negotiate)[ \t]+/iy;
/** To the next blank or quote, or to the next assignment in `a=b&c=d`, `a=b;c=d`, `a=b,c=d`. */
const run = /(?:[^\s"'`<>&;,]|[&;,](?![\w.[\]-]+[=:]))*/y;
const restOfLine = /[^\r\n]*/y;
const literal = /^(?:null|true|false|undefined)$/;

/** The name in front of a value. */
export interface Announced {
  name: string;
  /** Behind the name; empty where it has none. */
  nameQuote: string;
  /** Of the name in the text. */
  index: number;
}

interface Value {
  /** Where the secret begins; before it stand an opening quote or the name of a scheme. */
  start: number;
  /** Behind the secret. */
  end: number;
  replacement: string;
}

export function maskAssignments(text: string): string {
  if (!mayNameSecret(text)) return text;
  let result = '';
  let copied = 0;
  assignment.lastIndex = 0;
  for (let match = assignment.exec(text); match !== null; match = assignment.exec(text)) {
    if (!announcesSecret(text, match)) continue;
    const [, name = '', nameQuote = ''] = match;
    const value = readValue(text, assignment.lastIndex, { name, nameQuote, index: match.index });
    result += text.slice(copied, value.start) + value.replacement;
    copied = value.end;
    assignment.lastIndex = value.end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function announcesSecret(text: string, match: RegExpExecArray): boolean {
  const [, name = '', quote = '', before = '', separator = '', after = ''] = match;
  const previous = text.charAt(match.index - 1);
  // A host and its port.
  if (separator === ':' && (previous === '/' || previous === '@')) return false;
  if (isCertainSecretName(name)) return true;
  // Words like `key` are also prose: there they need the form of a parameter or a property.
  const parameter = separator.startsWith('=') && before === '' && after === '';
  const severalWords = /[-_.]|[a-z][A-Z]/.test(name);
  return isSecretName(name) && (quote !== '' || parameter || severalWords);
}

/** @param from where the value begins, blanks left out */
export function readValue(text: string, from: number, announced: Announced): Value {
  const { name, nameQuote } = announced;
  const quote = matchAt(openingQuote, text, from);
  if (quote !== null) return quotedValue(text, from + quote[0].length, quote);
  const bracket = text.charAt(from);
  if (bracket === '{' || bracket === '[') {
    return { start: from, end: endOfBracket(text, from), replacement: `${nameQuote}***${nameQuote}` };
  }
  const scheme = matchAt(oneTokenScheme, text, from)?.[0] ?? '';
  const start = from + scheme.length;
  const value = bareValue(text, start, scheme === '' && /authorization|cookie/i.test(name), announced);
  const masked = literal.test(value) ? value : maskSecret(value);
  return {
    start,
    end: start + value.length,
    // A bare number becomes text, so that JSON stays JSON.
    replacement: masked === value ? value : nameQuote + masked + nameQuote,
  };
}

/** A value without quotes of its own: to the next blank; in a quoted header line to the quote or the line's end. */
function bareValue(text: string, start: number, wholeLine: boolean, { nameQuote, index }: Announced): string {
  const outerQuote = nameQuote === '' ? text.charAt(index - 1) : '';
  const closing = outerQuote !== '' && '"\'`'.includes(outerQuote) ? text.indexOf(outerQuote, start) : -1;
  const value =
    closing === -1
      ? matchAt(wholeLine ? restOfLine : run, text, start)
      : matchAt(restOfLine, text.slice(start, closing), 0);
  const found = value?.[0] ?? '';
  return found.slice(0, endWithoutPunctuation(found));
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The value ends at the next quote that is escaped no deeper than the one that opened it, else with the text. */
function quotedValue(text: string, start: number, [, escapes = '', quote = '']: RegExpExecArray): Value {
  let end = text.length;
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    let depth = 0;
    while (at - depth > start && text.charAt(at - depth - 1) === '\\') depth += 1;
    if (depth > escapes.length) continue;
    end = at - depth;
    break;
  }
  return { start, end, replacement: maskSecret(text.slice(start, end)) };
}

/** Behind the bracket that closes the one at `from`, brackets in quoted text left aside; else the end of the text. */
function endOfBracket(text: string, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '{' || char === '[') depth += 1;
    else if ((char === '}' || char === ']') && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}
