/** Does a condition's value suit its operator and field? */
import { findComparison } from './comparison.ts';
import { fieldType } from '../context/fields.ts';
import type { OperatorInfo, ValueShape } from './operators.ts';
import { compileRegex } from './regex.ts';
import type { Predicate } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';

interface Shape {
  expected: string;
  /** @returns what is wrong with the value, or null; `wrong` says what is expected. */
  issue: (leaf: Predicate, wrong: string) => string | null;
}

const shapes: Record<ValueShape, Shape> = {
  none: {
    expected: 'no value',
    issue: ({ value }, wrong) =>
      value === undefined || value === null || value === '' ? null : `${wrong}: leave it out`,
  },
  scalar: {
    expected: 'a text, a number, true or false',
    issue: ({ field, value }, wrong) => scalarIssue(field, value, wrong),
  },
  array: {
    expected: 'a list of texts, numbers, true or false',
    issue: ({ field, value }, wrong) => listIssue(field, value, wrong),
  },
  string: {
    expected: 'a text that is not empty',
    issue: ({ value }, wrong) => (typeof value === 'string' && value !== '' ? lengthIssue(value) : wrong),
  },
  number_or_date: {
    expected: 'a number or an ISO 8601 date, e.g. "2026-01-31"',
    issue: ({ field, value }, wrong) =>
      findComparison(field).place(value) === null ? orderedIssue(field, wrong) : null,
  },
  pair: {
    expected: 'a list of two numbers or two ISO 8601 dates, the smaller first',
    issue: ({ field, value }, wrong) => pairIssue(field, value, wrong),
  },
  pattern: {
    expected: `a pattern in RE2 syntax of at most ${ruleLimits.regex} characters`,
    issue: ({ value }, wrong) => (typeof value === 'string' && value !== '' ? patternIssue(value) : wrong),
  },
};

/** @returns what is wrong with the value of the leaf, as a sentence, or null. */
export function valueIssue(leaf: Predicate, { value_shape }: OperatorInfo): string | null {
  const { expected, issue } = shapes[value_shape];
  return issue(leaf, `${leaf.operator} expects ${expected}`);
}

function listIssue(field: string, value: unknown, wrong: string): string | null {
  if (!Array.isArray(value)) return wrong;
  if (value.length > ruleLimits.valueItems) return `the list has more than ${ruleLimits.valueItems} members`;
  const items: unknown[] = value;
  return items.map((item) => scalarIssue(field, item, wrong)).find((issue) => issue !== null) ?? null;
}

function scalarIssue(field: string, value: unknown, wrong: string): string | null {
  if (value === null) return `${wrong}; to ask for a missing value use is_null`;
  if (typeof value === 'string' && lengthIssue(value) !== null) return lengthIssue(value);
  if (!['string', 'number', 'boolean'].includes(typeof value)) return wrong;
  if (findComparison(field).keyOf(value) !== undefined) return null;
  const type = fieldType(field);
  return `${field} is ${type === 'boolean' ? 'true or false' : `a number (${type})`}, and so must the value be`;
}

function orderedIssue(field: string, wrong: string): string {
  const type = fieldType(field);
  return type === 'number' || type === 'integer' ? `${field} is a number (${type}), and so must the value be` : wrong;
}

function pairIssue(field: string, value: unknown, wrong: string): string | null {
  if (!Array.isArray(value) || value.length !== 2) return wrong;
  const [low, high] = (value as unknown[]).map(findComparison(field).place);
  if (!low || !high || low.ordinal !== high.ordinal) return orderedIssue(field, wrong);
  return low.at <= high.at ? null : `${wrong}: the first is greater than the second`;
}

function patternIssue(pattern: string): string | null {
  try {
    compileRegex(pattern, false);
    return null;
  } catch (error) {
    return (error as RangeError).message;
  }
}

function lengthIssue(text: string): string | null {
  return text.length > ruleLimits.valueText ? `the text is longer than ${ruleLimits.valueText} characters` : null;
}
