/** HTML from templates in which every value is escaped, unless it is HTML itself. */

/** Text that is HTML already; made by `html` alone. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = Html | string | readonly HtmlPart[];

export function html(texts: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(texts.map((text, index) => text + toText(parts[index] ?? '')).join(''));
}

function toText(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  return typeof part === 'string' ? escape(part) : part.map(toText).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Prose in which backticks stand around code. */
export function prose(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** @param separator between the parts */
export function joined(parts: readonly HtmlPart[], separator: string): HtmlPart {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}
