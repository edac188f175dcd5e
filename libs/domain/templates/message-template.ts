/**
 * Renders the texts of mails and SMS. Mustache with variables and sections; looked up by own members only, so that
 * nothing inherited is reached and nothing is ever called. A value that is missing renders as nothing.
 */
import Mustache, { type TemplateSpans } from 'mustache';
import { PermanentError } from '../errors/errors.ts';
import { compileGetter } from '../context/field-path.ts';
import { isLiteralBraces, openBraces, parseTemplate, toText } from './template.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';

/** @throws PermanentError `wrong_reference`; its message continues "templates[0].html …" */
export function checkMessageText(text: string): void {
  checkSpans(parseTemplate(text));
}

/** Sections hold spans of their own; they are nested no deeper than the text is long. */
function checkSpans(spans: TemplateSpans): void {
  const pending = [...spans];
  for (let span = pending.pop(); span !== undefined; span = pending.pop()) {
    const [type, , , , inner] = span;
    if (type === '>') throw wrong('holds a partial: templates cannot include one another');
    if (type === '&') throw wrong('holds {{{ or {{&: values are always escaped');
    if (Array.isArray(inner)) pending.push(...inner);
  }
}

const writer = Object.assign(new Mustache.Writer(), { templateCache: undefined });

/** @throws PermanentError `wrong_reference` for a text that was never checked */
export function renderMessageText(text: string, context: RuntimeContext, form: 'plain' | 'html'): string {
  checkMessageText(text);
  const escape = form === 'html' ? (value: unknown) => escapeHtml(toText(value)) : toText;
  return writer.render(text, new OwnMembers(context), undefined, { tags: ['{{', '}}'], escape });
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** Mustache's own context also finds what values inherit, and calls functions. */
class OwnMembers extends Mustache.Context {
  override lookup(name: string): unknown {
    const { view, parent } = this as unknown as { view: unknown; parent?: Mustache.Context };
    if (name === '.') return view;
    if (isLiteralBraces(name)) return openBraces;
    const found = compileGetter(name)(view as RuntimeContext);
    return found === undefined ? parent?.lookup(name) : found;
  }

  override push(view: unknown): Mustache.Context {
    return new OwnMembers(view, this);
  }
}

function wrong(message: string): PermanentError {
  return new PermanentError('wrong_reference', message);
}
