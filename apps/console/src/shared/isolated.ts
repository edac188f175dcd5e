/**
 * A text of others within a sentence of ours, where no element can stand around it: its direction changes nothing
 * outside of it (Unicode TR9, FSI and PDI).
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
