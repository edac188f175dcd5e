/** Does a condition's value suit its operator and field? */
import { comparisonOf } from './comparison.ts';
import { fieldType } from '../context/fields.ts';
import type { OperatorInfo, ValueShape } from './operators.ts';
import { compileRegex } from './regex.ts';
import type { Leaf } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';

interface Shape {
  expected: string;
  /** @returns what is wrong with the value, or null; `wrong` says what is expected. */
  mistake: (leaf: Leaf, wrong: string) => string | null;
}

const shapes: Record<ValueShape, Shape> = {
  none: {
    expected: 'no value',
    mistake: ({ value }, wrong) =>
      value === undefined || value === null || value === '' ? null : `${wrong}: leave it out`,
  },
  scalar: {
    expected: 'a text, a number, true or false',
    mistake: ({ field, value }, wrong) => scalarMistake(field, value, wrong),
  },
  array: {
    expected: 'a list of texts, numbers, true or false',
    mistake: ({ field, value }, wrong) => listMistake(field, value, wrong),
  },
  string: {
    expected: 'a text that is not empty',
    mistake: ({ value }, wrong) => (typeof value === 'string' && value !== '' ? lengthMistake(value) : wrong),
  },
  number_or_date: {
    expected: 'a number or an ISO 8601 date, e.g. "2026-01-31"',
    mistake: ({ field, value }, wrong) =>
      comparisonOf(field).place(value) === null ? orderedMistake(field, wrong) : null,
  },
  pair: {
    expected: 'a list of two numbers or two ISO 8601 dates, the smaller first',
    mistake: ({ field, value }, wrong) => pairMistake(field, value, wrong),
  },
  pattern: {
    expected: `a pattern in RE2 syntax of at most ${ruleLimits.regex} characters`,
    mistake: ({ value }, wrong) => (typeof value === 'string' && value !== '' ? patternMistake(value) : wrong),
  },
};

/** @returns what is wrong with the value of the leaf, as a sentence, or null. */
export function valueMistake(leaf: Leaf, { value_shape }: OperatorInfo): string | null {
  const { expected, mistake } = shapes[value_shape];
  return mistake(leaf, `${leaf.operator} expects ${expected}`);
}

function listMistake(field: string, value: unknown, wrong: string): string | null {
  if (!Array.isArray(value)) return wrong;
  if (value.length > ruleLimits.valueItems) return `the list has more than ${ruleLimits.valueItems} members`;
  const items: unknown[] = value;
  return items.map((item) => scalarMistake(field, item, wrong)).find((mistake) => mistake !== null) ?? null;
}

function scalarMistake(field: string, value: unknown, wrong: string): string | null {
  if (value === null) return `${wrong}; to ask for a missing value use is_null`;
  if (typeof value === 'string' && lengthMistake(value) !== null) return lengthMistake(value);
  if (!['string', 'number', 'boolean'].includes(typeof value)) return wrong;
  if (comparisonOf(field).keyOf(value) !== undefined) return null;
  const type = fieldType(field);
  return `${field} is ${type === 'boolean' ? 'true or false' : `a number (${type})`}, and so must the value be`;
}

function orderedMistake(field: string, wrong: string): string {
  const type = fieldType(field);
  return type === 'number' || type === 'integer' ? `${field} is a number (${type}), and so must the value be` : wrong;
}

function pairMistake(field: string, value: unknown, wrong: string): string | null {
  if (!Array.isArray(value) || value.length !== 2) return wrong;
  const [low, high] = (value as unknown[]).map(comparisonOf(field).place);
  if (!low || !high || low.ordinal !== high.ordinal) return orderedMistake(field, wrong);
  return low.at <= high.at ? null : `${wrong}: the first is greater than the second`;
}

function patternMistake(pattern: string): string | null {
  try {
    compileRegex(pattern, false);
    return null;
  } catch (error) {
    return (error as RangeError).message;
  }
}

function lengthMistake(text: string): string | null {
  return text.length > ruleLimits.valueText ? `the text is longer than ${ruleLimits.valueText} characters` : null;
}
