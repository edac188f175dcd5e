import { maskText } from '#libs/domain/masking/masking.ts';
import { cut } from '#libs/domain/values/shorten.ts';

/** As much as the ways in let through. */
const maxLength = 2_000;

/**
 * What people write, as it may stand in the record and the events of a run. The ways in have masked and limited it
 * before; a caller that talks to Temporal directly has not.
 * @returns null for what is no text, or none
 */
export function sanitizeComment(text: unknown): string | null {
  if (typeof text !== 'string' || text.trim() === '') return null;
  return maskText(cut(text, maxLength));
}
