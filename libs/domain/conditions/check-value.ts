/** Does a condition's value suit its operator and field? */
import { findComparison } from './comparison.ts';
import { fieldType } from '../context/fields.ts';
import type { ProblemParams } from '../errors/problem-codes.ts';
import type { OperatorInfo, ValueShape } from './operators.ts';
import { compileRegex, type RegexError } from './regex.ts';
import type { Predicate } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';

/** What is wrong with a value, as a sentence and as what a text in another language needs. */
export interface ValueIssue {
  message: string;
  params: ProblemParams;
}

interface Shape {
  expected: string;
  params: ProblemParams;
  /** @returns what is wrong with the value, or null; `wrong` says what is expected. */
  issue: (leaf: Predicate, wrong: ValueIssue) => ValueIssue | null;
}

const shapes: Record<ValueShape, Shape> = {
  none: {
    expected: 'no value',
    params: { expected: 'no_value' },
    issue: ({ value }, wrong) =>
      value === undefined || value === null || value === '' ? null : extend(wrong, ': leave it out'),
  },
  scalar: {
    expected: 'a text, a number, true or false',
    params: { expected: 'scalar' },
    issue: ({ field, value }, wrong) => scalarIssue(field, value, wrong),
  },
  array: {
    expected: 'a list of texts, numbers, true or false',
    params: { expected: 'scalar_list' },
    issue: ({ field, value }, wrong) => listIssue(field, value, wrong),
  },
  string: {
    expected: 'a text that is not empty',
    params: { expected: 'filled_text' },
    issue: ({ value }, wrong) => (typeof value === 'string' && value !== '' ? lengthIssue(value) : wrong),
  },
  number_or_date: {
    expected: 'a number or an ISO 8601 date, e.g. "2026-01-31"',
    params: { expected: 'number_or_date' },
    issue: ({ field, value }, wrong) =>
      findComparison(field).place(value) === null ? orderedIssue(field, wrong) : null,
  },
  pair: {
    expected: 'a list of two numbers or two ISO 8601 dates, the smaller first',
    params: { expected: 'pair' },
    issue: ({ field, value }, wrong) => pairIssue(field, value, wrong),
  },
  pattern: {
    expected: `a pattern in RE2 syntax of at most ${ruleLimits.regex} characters`,
    params: { expected: 'pattern', max: ruleLimits.regex },
    issue: ({ value }, wrong) => (typeof value === 'string' && value !== '' ? patternIssue(value, wrong) : wrong),
  },
};

/** @returns what is wrong with the value of the leaf, as a sentence, or null. */
export function valueIssue(leaf: Predicate, { value_shape }: OperatorInfo): ValueIssue | null {
  const { expected, params, issue } = shapes[value_shape];
  const { operator } = leaf;
  return issue(leaf, { message: `${operator} expects ${expected}`, params: { ...params, operator } });
}

function extend({ message, params }: ValueIssue, more: string): ValueIssue {
  return { message: message + more, params };
}

function listIssue(field: string, value: unknown, wrong: ValueIssue): ValueIssue | null {
  if (!Array.isArray(value)) return wrong;
  const max = ruleLimits.valueItems;
  if (value.length > max) {
    return { message: `the list has more than ${max} members`, params: { expected: 'max_items', max } };
  }
  const items: unknown[] = value;
  return items.map((item) => scalarIssue(field, item, wrong)).find((issue) => issue !== null) ?? null;
}

function scalarIssue(field: string, value: unknown, wrong: ValueIssue): ValueIssue | null {
  if (value === null) return extend(wrong, '; to ask for a missing value use is_null');
  if (typeof value === 'string' && lengthIssue(value) !== null) return lengthIssue(value);
  if (!['string', 'number', 'boolean'].includes(typeof value)) return wrong;
  if (findComparison(field).keyOf(value) !== undefined) return null;
  return fieldType(field) === 'boolean'
    ? {
        message: `${field} is true or false, and so must the value be`,
        params: { expected: 'boolean', name: field },
      }
    : numberIssue(field);
}

function numberIssue(field: string): ValueIssue {
  const type = fieldType(field);
  return {
    message: `${field} is a number (${type}), and so must the value be`,
    params: { expected: 'number', name: field, type },
  };
}

function orderedIssue(field: string, wrong: ValueIssue): ValueIssue {
  const type = fieldType(field);
  return type === 'number' || type === 'integer' ? numberIssue(field) : wrong;
}

function pairIssue(field: string, value: unknown, wrong: ValueIssue): ValueIssue | null {
  if (!Array.isArray(value) || value.length !== 2) return wrong;
  const [low, high] = (value as unknown[]).map(findComparison(field).place);
  if (!low || !high || low.ordinal !== high.ordinal) return orderedIssue(field, wrong);
  if (low.at <= high.at) return null;
  const { message, params } = extend(wrong, ': the first is greater than the second');
  return { message, params: { ...params, expected: 'ordered_pair' } };
}

function patternIssue(pattern: string, { params }: ValueIssue): ValueIssue | null {
  try {
    compileRegex(pattern, false);
    return null;
  } catch (error) {
    const { message, params: fault } = error as RegexError;
    return { message, params: { ...params, ...fault } };
  }
}

function lengthIssue(text: string): ValueIssue | null {
  const max = ruleLimits.valueText;
  if (text.length <= max) return null;
  return { message: `the text is longer than ${max} characters`, params: { expected: 'max_length', max } };
}
