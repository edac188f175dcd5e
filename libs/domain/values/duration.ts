/** A length of time in a rule: `{ "value": 2, "unit": "days" }`. The workflow sandbox uses this file: it imports nothing. */

const minute = 60_000;
/** Milliseconds of one unit. */
export const delayUnits = { minutes: minute, hours: 60 * minute, days: 24 * 60 * minute } as const;
export const maxDelayMs = 365 * delayUnits.days;

/**
 * @param span `{ value, unit }` of a validated `delay` or `due_in`
 * @returns milliseconds, at most 365 days
 * @throws RangeError when it is none: waiting zero or for ever would both be wrong
 */
export function spanMilliseconds({ value, unit }: Record<string, unknown>): number {
  const unitMs = unit === 'minutes' || unit === 'hours' || unit === 'days' ? delayUnits[unit] : undefined;
  if (unitMs === undefined) throw new RangeError('unit must be minutes, hours or days');
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw new RangeError('value must be a whole number of at least 1');
  }
  const ms = value * unitMs;
  if (ms > maxDelayMs) throw new RangeError('it must be at most 365 days');
  return ms;
}

/** @param span an object. @returns what is wrong with it, or null. */
export function checkSpan(span: unknown): string | null {
  const given = span as Record<string, unknown>;
  const other = Object.keys(given).find((name) => name !== 'value' && name !== 'unit');
  if (other !== undefined) return 'must hold nothing but value and unit';
  try {
    spanMilliseconds(given);
    return null;
  } catch (error) {
    return `must be a length of time such as { "value": 2, "unit": "days" }: ${(error as RangeError).message}`;
  }
}
