/** A reference such as `{{ event.amount }}` that is being typed into a text. */

export interface OpenReference {
  /** Where its braces begin. */
  start: number;
  /** What stands behind the braces so far. */
  typed: string;
}

/** @param caret where the next character goes. @returns the reference that is open there, or null */
export function openReference(text: string, caret: number): OpenReference | null {
  const start = text.lastIndexOf('{{', caret - 2);
  if (start === -1 || start + 2 > caret) return null;
  const inner = text.slice(start + 2, caret);
  return inner.includes('}}') || inner.length > 250 || /[\n'"]/.test(inner) ? null : { start, typed: inner.trim() };
}

/** Begins a reference where the caret is, apart from a word that stands before it. */
export function beginReference(text: string, caret: number): { text: string; caret: number } {
  const before = text.slice(0, caret);
  const begun = `${before}${/[\p{L}\p{N}]$/u.test(before) ? ' ' : ''}{{ `;
  return { text: `${begun}${text.slice(caret)}`, caret: begun.length };
}

/** @returns the text with the field in place of what was typed, and where the caret is behind it */
export function complete(text: string, caret: number, path: string): { text: string; caret: number } {
  const open = openReference(text, caret);
  const reference = `{{ ${path} }}`;
  const start = open?.start ?? caret;
  // What was typed behind the caret of the same reference goes, too.
  const rest = open === null ? text.slice(caret) : text.slice(caret).replace(/^[^{}\n]{0,250}?\}\}/, '');
  return { text: `${text.slice(0, start)}${reference}${rest}`, caret: start + reference.length };
}

/** Those that hold what was typed, first those that begin with it. */
export function suggest<Field extends { path: string; label: string }>(
  fields: readonly Field[],
  typed: string,
): Field[] {
  const wanted = typed.toLowerCase();
  const isLike = ({ path, label }: Field): boolean =>
    path.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted);
  const begins = ({ path }: Field): boolean => path.toLowerCase().startsWith(wanted);
  const found = fields.filter(isLike);
  return [...found.filter(begins), ...found.filter((field) => !begins(field))];
}
