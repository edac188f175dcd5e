/** Checks what bounds how often a rule runs: `re_enroll` and `limit`. What a rule need not say is left out of its form. */
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import type { ProblemCode, ProblemParams } from '../errors/problem-codes.ts';
import type { ProblemList } from '../errors/problem-list.ts';
import type { ReEnroll, RunLimit, Span } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import { checkSpan } from '../values/duration.ts';

const spanExample = '{ "value": 1, "unit": "days" }';
/** Short names of lengths of time. */
const named: Readonly<Record<string, Span>> = {
  minute: { value: 1, unit: 'minutes' },
  hour: { value: 1, unit: 'hours' },
  day: { value: 1, unit: 'days' },
};

/** @returns undefined for "always", and for what is wrong */
export function readReEnroll(input: unknown, errors: ProblemList): ReEnroll | undefined {
  if (input === undefined || input === 'always') return undefined;
  if (input === 'once') return input;
  if (isJsonObject(input)) return readSpan(input, 're_enroll', errors);
  const expected = `must be "always", "once" or a length of time such as ${spanExample}`;
  fail(errors, 're_enroll', 'wrong_value', expected, { expected: 're_enroll' });
  return undefined;
}

/** @returns undefined for no limit, and for what is wrong */
export function readLimit(input: unknown, errors: ProblemList): RunLimit | undefined {
  if (input === undefined || input === null) return undefined;
  if (!isJsonObject(input)) {
    fail(errors, 'limit', 'wrong_type', 'must be an object such as { "count": 100, "per": "hour" }', {
      expected: 'object',
    });
    return undefined;
  }
  const other = Object.keys(input).find((key) => !['count', 'per', 'on_exceed'].includes(key));
  if (other !== undefined) {
    const message = 'must hold nothing but count, per and on_exceed';
    fail(errors, 'limit', 'unknown_key', message, { values: ['count', 'per', 'on_exceed'] });
  }
  const { count, per, on_exceed: onExceed = 'hold' } = input;
  const most = ruleLimits.runsPerWindow;
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= most;
  if (!isCount) {
    const expected = { expected: 'from_to', min: 1, max: most } as const;
    fail(errors, 'limit.count', toCode(count), `must be a whole number from 1 to ${most}`, expected);
  }
  if (onExceed !== 'hold') {
    const message = 'must be "hold": runs over the limit wait until they are released';
    fail(errors, 'limit.on_exceed', 'wrong_value', message, { expected: 'one_of', values: ['hold'] });
  }
  const span = readPer(per, errors);
  return isCount && span !== undefined && onExceed === 'hold' ? { count, per: span, on_exceed: onExceed } : undefined;
}

function readPer(per: unknown, errors: ProblemList): Span | undefined {
  const known = typeof per === 'string' && Object.hasOwn(named, per) ? named[per] : undefined;
  if (known !== undefined) return { ...known };
  if (isJsonObject(per)) return readSpan(per, 'limit.per', errors);
  const expected = `must be "minute", "hour", "day" or a length of time such as ${spanExample}`;
  fail(errors, 'limit.per', toCode(per), expected, { expected: 'window' });
  return undefined;
}

function readSpan(input: JsonObject, path: string, errors: ProblemList): Span | undefined {
  const issue = checkSpan(input);
  if (issue === null) return input as unknown as Span;
  fail(errors, path, 'wrong_value', issue, { expected: 'span' });
  return undefined;
}

function toCode(value: unknown): 'required' | 'wrong_value' {
  return value === undefined ? 'required' : 'wrong_value';
}

function fail(errors: ProblemList, path: string, code: ProblemCode, message: string, params?: ProblemParams): void {
  errors.add(path, code, `${path} ${message}`, params);
}
