/** Checks one parameter of an action against the catalogue: as a person wrote it, and as a run gets to see it. */
import type { ActionParam, ParamType } from './action-catalog.ts';
import { isJsonObject } from '../json/json-object.ts';

/** Prose for people: its end may be left out. Addresses, bodies, codes and the like mean something as a whole. */
export function isShortenable({ type, values, holds, check }: ActionParam): boolean {
  return type === 'string' && values === undefined && holds === undefined && check === undefined;
}

/** @returns what is wrong with a value, continuing "params.x …", or null. */
export function paramIssue(param: ActionParam, value: unknown): string | null {
  return typeIssue(param, value) ?? rangeIssue(param, value) ?? param.check?.(value) ?? null;
}

const types: Record<ParamType, { accepts: (value: unknown) => boolean; expected: string }> = {
  string: { accepts: (value) => typeof value === 'string', expected: 'a text' },
  integer: { accepts: Number.isInteger, expected: 'a whole number' },
  number: { accepts: Number.isFinite, expected: 'a number' },
  boolean: { accepts: (value) => typeof value === 'boolean', expected: 'true or false' },
  id: {
    accepts: (value) => typeof value === 'string' || Number.isSafeInteger(value),
    expected: 'a text or a whole number',
  },
  object: { accepts: isJsonObject, expected: 'an object' },
  headers: {
    accepts: (value) => isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string'),
    expected: 'an object whose values are all texts',
  },
};

export function typeIssue({ type, values }: ActionParam, value: unknown): string | null {
  if (values !== undefined) {
    return typeof value === 'string' && values.includes(value) ? null : `must be one of ${values.join(', ')}`;
  }
  const { accepts, expected } = types[type];
  return accepts(value) ? null : `must be ${expected}`;
}

function rangeIssue(
  { type, min = -Infinity, max = Infinity, clamped = false }: ActionParam,
  value: unknown,
): string | null {
  if (typeof value === 'string') {
    if (value.length < min) return min === 1 ? 'must not be empty' : `must have at least ${min} characters`;
    return value.length > max ? `has ${value.length} characters: at most ${max} are allowed` : null;
  }
  // The bounds of an id are those of its text.
  if (typeof value !== 'number' || type === 'id' || clamped) return null;
  if (!Number.isSafeInteger(value) && type === 'integer') return 'is too great a number';
  if (value < min) return `must be at least ${min}`;
  return value > max ? `must be at most ${max}` : null;
}
