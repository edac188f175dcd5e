/** Checks what bounds how often a rule runs: `re_enroll` and `limit`. What a rule need not say is left out of its form. */
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
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
  fail(errors, 're_enroll', 'wrong_value', `must be "always", "once" or a length of time such as ${spanExample}`);
  return undefined;
}

/** @returns undefined for no limit, and for what is wrong */
export function readLimit(input: unknown, errors: ProblemList): RunLimit | undefined {
  if (input === undefined || input === null) return undefined;
  if (!isJsonObject(input)) {
    fail(errors, 'limit', 'wrong_type', 'must be an object such as { "count": 100, "per": "hour" }');
    return undefined;
  }
  const other = Object.keys(input).find((key) => !['count', 'per', 'on_exceed'].includes(key));
  if (other !== undefined) fail(errors, 'limit', 'unknown_key', 'must hold nothing but count, per and on_exceed');
  const { count, per, on_exceed: onExceed = 'hold' } = input;
  const most = ruleLimits.runsPerWindow;
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= most;
  if (!isCount) fail(errors, 'limit.count', toCode(count), `must be a whole number from 1 to ${most}`);
  if (onExceed !== 'hold') {
    fail(errors, 'limit.on_exceed', 'wrong_value', 'must be "hold": runs over the limit wait until they are released');
  }
  const span = readPer(per, errors);
  return isCount && span !== undefined && onExceed === 'hold' ? { count, per: span, on_exceed: onExceed } : undefined;
}

function readPer(per: unknown, errors: ProblemList): Span | undefined {
  const known = typeof per === 'string' && Object.hasOwn(named, per) ? named[per] : undefined;
  if (known !== undefined) return { ...known };
  if (isJsonObject(per)) return readSpan(per, 'limit.per', errors);
  const expected = `must be "minute", "hour", "day" or a length of time such as ${spanExample}`;
  fail(errors, 'limit.per', toCode(per), expected);
  return undefined;
}

function readSpan(input: JsonObject, path: string, errors: ProblemList): Span | undefined {
  const issue = checkSpan(input);
  if (issue === null) return input as unknown as Span;
  fail(errors, path, 'wrong_value', issue);
  return undefined;
}

function toCode(value: unknown): string {
  return value === undefined ? 'required' : 'wrong_value';
}

function fail(errors: ProblemList, path: string, code: string, message: string): void {
  errors.add(path, code, `${path} ${message}`);
}
