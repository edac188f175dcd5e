/**
 * Texts with references: `{{ customer.country }}` stands for a value of the runtime context. Mustache's syntax, but
 * variables only: no sections, no partials, no unescaped output. `{{ '{{' }}` stands for the braces themselves. A text
 * is read once, when its rule is compiled;
 * rendering looks values up by own members and never fails.
 */
import Mustache, { type TemplateSpans } from 'mustache';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { messageOf, PermanentError } from '../errors/errors.ts';
import { compileGetter, type Getter } from '../context/field-path.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import { plainNumber } from '../values/plain-number.ts';

export interface TemplateExpression {
  path: string;
  get: Getter;
}

/** Literal text and references, in order. */
export type TemplateParts = readonly (string | TemplateExpression)[];

// Its cache would keep every version of every rule for ever.
const writer = Object.assign(new Mustache.Writer(), { templateCache: undefined });

export const openBraces = '{{';

/** @returns whether a variable of this name is the way to write two braces that begin no reference */
export function isLiteralBraces(name: string): boolean {
  return name === `'${openBraces}'` || name === `"${openBraces}"`;
}

/** Cheap: what nearly every text is asked. */
export function mayHoldTemplate(text: string): boolean {
  return text.includes('{{');
}

/** @throws PermanentError `wrong_reference`; its message continues "params.x …" */
export function readExpressions(text: string): TemplateParts {
  return parseTemplate(text).map((span) => {
    const [type, value] = span;
    if (type === 'text') return value;
    if (type === 'name' && isLiteralBraces(value)) return openBraces;
    if (type !== 'name')
      throw wrong(`holds ${tag(type, value)}: only variables such as {{ event.amount }} are allowed`);
    return { path: value, get: compileGetter(value) };
  });
}

/** @throws PermanentError `wrong_reference` */
export function parseTemplate(text: string): TemplateSpans {
  checkTags(text);
  try {
    return writer.parse(text, ['{{', '}}']);
  } catch (error) {
    throw wrong(`cannot be read: ${messageOf(error)}`, error);
  }
}

/** The parser's time grows with the square of a tag's length, and `{{=` would give the braces another meaning. */
function checkTags(text: string): void {
  for (let at = text.indexOf('{{'); at !== -1;) {
    const end = text.indexOf('}}', at);
    if (end === -1)
      throw wrong(`has a {{ at character ${at + 1} that no }} closes: write {{ '{{' }} for the braces themselves`);
    if (end - at > ruleLimits.fieldPath + 50)
      throw wrong(`has a reference of more than ${ruleLimits.fieldPath} characters`);
    if (text.charAt(at + 2) === '=') throw wrong('changes the braces of references with {{=: that is not possible');
    at = text.indexOf('{{', end);
  }
}

/** How a value reads in plain text: nothing when it is missing; numbers in digits alone; objects and lists as JSON. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  // Half a character, which JSON can write, is none in any other text.
  if (typeof value === 'string') return value.replace(/\p{Cs}/gu, '\uFFFD');
  if (typeof value === 'number') return plainNumber(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Characters of a text with its values: thousands of references to one long text would fill the memory of the process. */
const maxFilled = 1_048_576;

/**
 * @param write gives what stands in place of a reference
 * @throws PermanentError `text_too_long` when the values make the text longer than a million characters
 */
export function fill(parts: TemplateParts, write: (reference: TemplateExpression, index: number) => string): string {
  let text = '';
  for (const [index, part] of parts.entries()) {
    text += typeof part === 'string' ? part : write(part, index);
    if (text.length > maxFilled) {
      throw new PermanentError('text_too_long', `takes more than ${maxFilled} characters with what the event holds`);
    }
  }
  return text;
}

/** @returns the text with every reference written as plain text */
export function renderPlain(parts: TemplateParts, context: RuntimeContext): string {
  return fill(parts, ({ get }) => toText(get(context)));
}

function tag(type: string, value: string): string {
  return `{{${type === '&' ? '&' : type}${value}}}`;
}

function wrong(message: string, cause?: unknown): PermanentError {
  return new PermanentError('wrong_reference', message, cause === undefined ? {} : { cause });
}
