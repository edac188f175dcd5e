/**
 * The sixteen operators. Each compiles once, with its rule value, to a test of a field's value. Tests never throw;
 * `not_…`, `neq` and `is_not_null` are the exact complement of their partner, so they pass for a missing field.
 */
import type { Comparison } from './comparison.ts';
import type { FieldType } from '../context/fields.ts';
import { compileRegex, regexLimits } from './regex.ts';
import type { Operator } from '../rules/rule.ts';
import { textSearch } from './text-search.ts';

/** What the rule's `value` has to be. */
export type ValueShape = 'scalar' | 'number_or_date' | 'array' | 'string' | 'pair' | 'none' | 'pattern';

export type ValueTest = (value: unknown) => boolean;

export interface OperatorInfo {
  code: Operator;
  value_shape: ValueShape;
  /** Field types it is of use for. */
  types: readonly FieldType[];
  description: string;
}

interface OperatorEntry extends OperatorInfo {
  /** @throws RangeError when the value is not of the shape; the message continues "value …". */
  compile(value: unknown, comparison: Comparison): ValueTest;
}

const everyType: readonly FieldType[] = ['string', 'number', 'integer', 'boolean', 'id', 'any'];
const ordered: readonly FieldType[] = ['number', 'integer', 'string', 'id', 'any'];
const texts: readonly FieldType[] = ['string', 'id', 'any'];

const equals = (value: unknown, { keyOf }: Comparison): ValueTest => {
  const wanted = keyOf(value);
  return wanted === undefined ? never : (x) => keyOf(x) === wanted;
};

const isMember = (value: unknown, { keyOf }: Comparison): ValueTest => {
  const wanted = new Set(asArray(value).map(keyOf));
  wanted.delete(undefined);
  return (x) => wanted.has(keyOf(x));
};

const contains = (value: unknown, { keyOf, fold }: Comparison): ValueTest => {
  const holds = typeof value === 'string' || typeof value === 'number' ? textSearch(fold(String(value))) : never;
  const member = keyOf(value);
  return (x) => {
    if (typeof x === 'string') return holds(fold(x));
    return member !== undefined && Array.isArray(x) && x.some((item) => keyOf(item) === member);
  };
};

const compares =
  (holds: (x: number, at: number) => boolean) =>
  (value: unknown, comparison: Comparison): ValueTest => {
    const place = comparison.place(value);
    if (place === null) return never;
    const { ordinal, at } = place;
    return (x) => {
      const number = ordinal(x);
      return number !== undefined && holds(number, at);
    };
  };

const between = (value: unknown, comparison: Comparison): ValueTest => {
  const [low, high] = asArray(value).map((end) => comparison.place(end));
  if (!low || !high || low.ordinal !== high.ordinal) return never;
  return (x) => {
    const number = low.ordinal(x);
    return number !== undefined && number >= low.at && number <= high.at;
  };
};

const onText =
  (holds: (text: string, part: string) => boolean) =>
  (value: unknown, { fold }: Comparison): ValueTest => {
    if (typeof value !== 'string') return never;
    const part = fold(value);
    return (x) => typeof x === 'string' && holds(fold(x), part);
  };

const matches = (value: unknown, comparison: Comparison): ValueTest => {
  const test = compileRegex(String(value), comparison.ignoresCase);
  return (x) => typeof x === 'string' && test(x);
};

const isNull = (): ValueTest => (x) => x === undefined || x === null || x === '';

type Compile = OperatorEntry['compile'];
const complement =
  (partner: Compile): Compile =>
  (value, comparison) => {
    const test = partner(value, comparison);
    return (x) => !test(x);
  };

function never(): boolean {
  return false;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

const entry = (
  code: Operator,
  value_shape: ValueShape,
  types: readonly FieldType[],
  compile: Compile,
  description: string,
): OperatorEntry => ({ code, value_shape, types, compile, description });

const entries: readonly OperatorEntry[] = [
  entry('eq', 'scalar', everyType, equals, 'equals the value'),
  entry('neq', 'scalar', everyType, complement(equals), 'does not equal the value, or is missing'),
  entry(
    'gt',
    'number_or_date',
    ordered,
    compares((x, at) => x > at),
    'is greater or later than the value',
  ),
  entry(
    'gte',
    'number_or_date',
    ordered,
    compares((x, at) => x >= at),
    'is the value, or greater or later',
  ),
  entry(
    'lt',
    'number_or_date',
    ordered,
    compares((x, at) => x < at),
    'is less or earlier than the value',
  ),
  entry(
    'lte',
    'number_or_date',
    ordered,
    compares((x, at) => x <= at),
    'is the value, or less or earlier',
  ),
  entry('in', 'array', everyType, isMember, 'equals one of the values'),
  entry('not_in', 'array', everyType, complement(isMember), 'equals none of the values, or is missing'),
  entry('contains', 'scalar', texts, contains, 'a text that contains the value, or a list that has it as a member'),
  entry('not_contains', 'scalar', texts, complement(contains), 'does not contain the value, or is missing'),
  entry(
    'starts_with',
    'string',
    texts,
    onText((x, part) => x.startsWith(part)),
    'a text that begins with the value',
  ),
  entry(
    'ends_with',
    'string',
    texts,
    onText((x, part) => x.endsWith(part)),
    'a text that ends with the value',
  ),
  entry('between', 'pair', ordered, between, 'lies between the two values, both included'),
  entry('is_null', 'none', everyType, isNull, 'is missing, null or an empty text'),
  entry('is_not_null', 'none', everyType, complement(isNull), 'is there and not an empty text'),
  entry(
    'regex',
    'pattern',
    texts,
    matches,
    `a text of at most ${regexLimits.textLength} characters in which the pattern (RE2 syntax) occurs`,
  ),
];

const byCode: ReadonlyMap<string, OperatorEntry> = new Map(entries.map((operator) => [operator.code, operator]));

/** The operators as the rule builder shows them. */
export const operators: readonly OperatorInfo[] = entries.map(({ code, value_shape, types, description }) => ({
  code,
  value_shape,
  types,
  description,
}));

export function findOperator(code: unknown): OperatorInfo | null {
  return typeof code === 'string' ? (byCode.get(code) ?? null) : null;
}

/** What may take far longer than a comparison, depending on the text. */
const searching: ReadonlySet<Operator> = new Set(['regex', 'contains', 'not_contains']);

export function isSearch(operator: Operator): boolean {
  return searching.has(operator);
}

/**
 * @throws RangeError for an unknown operator or an impossible pattern. Any other value that does not suit the operator
 * makes a test that no value passes (its complement: one that every value passes).
 */
export function compileTest(operator: Operator, value: unknown, comparison: Comparison): ValueTest {
  const found = byCode.get(operator);
  if (found === undefined) throw new RangeError(`unknown operator ${operator}`);
  return found.compile(value, comparison);
}
