/** How references are written into texts that are parsed again: a URL, a body that is JSON, a header. */
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { PermanentError } from '../errors/errors.ts';
import { fill, renderPlain, toText, type TemplateExpression, type TemplateParts } from './template.ts';

/**
 * `text`: as it is. `url`: percent-encoded, never in scheme or host. `content`: escaped for JSON where the text is
 * JSON. `header`: without what no HTTP header can carry. `id`: as it is, a number alone stays a number.
 */
export type TemplateContext = 'text' | 'url' | 'content' | 'header' | 'id';

/** @throws PermanentError `unsafe_value` when the values would make something else of the text than its author wrote */
export type Render = (context: RuntimeContext) => string | number;

/** @throws PermanentError `wrong_reference` when references may not stand where they stand */
export function renderAs(form: TemplateContext, parts: TemplateParts): Render {
  if (form === 'url') return urlRenderer(parts);
  if (form === 'content') return contentRenderer(parts);
  if (form === 'header') return (context) => fill(parts, ({ get }) => headerText(toText(get(context))));
  if (form === 'id') return (context) => toIdText(parts, context);
  return (context) => renderPlain(parts, context);
}

/** What a text looks like to checks that are made before there are values. */
export function buildSample(parts: TemplateParts): string {
  return fill(parts, () => 'x');
}

const untilPath = /^https?:\/\/[^/?#\\]+[/?#]/i;

function urlRenderer(parts: TemplateParts): Render {
  const [first] = parts;
  if (typeof first !== 'string' || !untilPath.test(first)) {
    throw new PermanentError('wrong_reference', 'must not have a reference in its scheme or host');
  }
  const steps = readSteps(buildSample(parts));
  return (context) => {
    const url = fill(parts, ({ get }) => encodeURIComponent(toText(get(context))));
    // "." and ".." mean something in a path however they are encoded.
    if (readSteps(url) !== steps) {
      throw new PermanentError('unsafe_value', 'would lead to another path: a value is "." or ".."');
    }
    return url;
  };
}

function readSteps(url: string): number {
  return URL.canParse(url) ? new URL(url).pathname.split('/').length : 0;
}

/** In a JSON text a reference inside a string is part of that string; one outside stands for the JSON of its value. */
function contentRenderer(parts: TemplateParts): Render {
  const inside = insideStrings(parts);
  const isJson = parses(fill(parts, (_reference, index) => (inside.has(index) ? 'x' : 'null')));
  if (!isJson) return (context) => renderPlain(parts, context);
  const write = ({ get }: TemplateExpression, index: number, context: RuntimeContext): string => {
    const value = get(context);
    return inside.has(index) ? JSON.stringify(toText(value)).slice(1, -1) : JSON.stringify(value ?? null);
  };
  return (context) => fill(parts, (reference, index) => write(reference, index, context));
}

/** Places of the references that stand between quotes, if the text is JSON. */
function insideStrings(parts: TemplateParts): Set<number> {
  const inside = new Set<number>();
  let quoted = false;
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'string') {
      if (quoted) inside.add(index);
      continue;
    }
    for (let at = 0; at < part.length; at += 1) {
      const char = part.charAt(at);
      if (quoted && char === '\\') at += 1;
      else if (char === '"') quoted = !quoted;
    }
  }
  return inside;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Line breaks would begin another header; HTTP/1.1 carries Latin-1 and nothing beyond. */
function headerText(text: string): string {
  return text.replace(/[\p{Cc}]+/gu, ' ').replace(/[^\x20-\x7e\x80-\xff]/gu, '?');
}

function toIdText(parts: TemplateParts, context: RuntimeContext): string | number {
  const [only] = parts;
  const value = parts.length === 1 && typeof only === 'object' ? only.get(context) : undefined;
  return typeof value === 'number' ? value : renderPlain(parts, context);
}
