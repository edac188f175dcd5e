/** What a length of time in a rule must look like: `{ "value": 2, "unit": "days" }`. */
import { spanMilliseconds } from '../actions/action-params.ts';
import { messageOf } from '../errors/errors.ts';

/** @param span an object. @returns what is wrong with it, or null. */
export function checkSpan(span: unknown): string | null {
  const given = span as Record<string, unknown>;
  const other = Object.keys(given).find((name) => name !== 'value' && name !== 'unit');
  if (other !== undefined) return 'must hold nothing but value and unit';
  try {
    spanMilliseconds(given);
    return null;
  } catch (error) {
    return `must be a length of time such as { "value": 2, "unit": "days" }: ${messageOf(error)}`;
  }
}
