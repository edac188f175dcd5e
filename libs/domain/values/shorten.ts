/**
 * The one place where texts are cut. A cut falls between characters as people see them: half an emoji, or a letter
 * without its accent, is no text any more.
 */

/** Characters longer than this are no characters that people write; those are cut between code points. */
const maxCharacterLength = 64;

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** @returns the beginning of the text, at most `most` UTF-16 code units long */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // What lies further on does not move the boundary, and reading it would take time.
  const at = characters.segment(text.slice(0, most + maxCharacterLength)).containing(most)?.index ?? most;
  if (at > most - maxCharacterLength) return text.slice(0, at);
  return text.slice(0, isInsidePair(text, most) ? most - 1 : most);
}

/** @returns the text, or its beginning and an ellipsis, together at most `most` UTF-16 code units long */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${cut(text, most - 1)}…`;
}

function isInsidePair(text: string, at: number): boolean {
  const code = text.codePointAt(at - 1);
  return code !== undefined && code > 0xffff;
}
