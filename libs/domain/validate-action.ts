/** Checks one action of a rule against the catalogue. */
import { actionCatalog, actionTypeOf, type ActionParam, type ActionType, type ParamType } from './action-catalog.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { isDeeperThan } from './json-depth.ts';
import { at, memberStep, pathOf, type Place } from './place.ts';
import type { ProblemList } from './problem-list.ts';
import type { RuleAction } from './rule.ts';
import { ruleLimits } from './rule-limits.ts';

export interface ActionReport {
  errors: ProblemList;
  warnings: ProblemList;
}

/** @returns the action in the engine's form, or null when it has mistakes. */
export function readAction(input: unknown, place: Place, report: ActionReport): RuleAction | null {
  const before = report.errors.problems.length;
  const fail = (where: Place, code: string, message: string): void => {
    const path = pathOf(where);
    report.errors.add(path, code, `${path} ${message}`);
  };
  if (!isJsonObject(input)) {
    fail(place, 'wrong_type', 'must be an object {type, params}');
    return null;
  }
  for (const key of Object.keys(input)) {
    if (key !== 'type' && key !== 'params') fail(at(place, memberStep(key)), 'unknown_key', 'does not belong here');
  }
  const params = input['params'] ?? {};
  const action = typeof input['type'] === 'string' ? actionTypeOf(input['type']) : null;
  if (action === null) {
    const known = actionCatalog.map(({ type }) => type).join(', ');
    fail(at(place, '.type'), 'unknown_action', `must be one of ${known}`);
  }
  const paramsPlace = at(place, '.params');
  if (!isJsonObject(params)) {
    fail(paramsPlace, 'wrong_type', 'must be an object');
    return null;
  }
  if (isDeeperThan(params, ruleLimits.paramsDepth)) {
    fail(paramsPlace, 'too_deep', `must not be nested more than ${ruleLimits.paramsDepth} levels deep`);
    return null;
  }
  if (action === null) return null;
  checkParams(action, params, paramsPlace, fail);
  if (report.errors.problems.length > before) return null;
  if (!action.runtime_enabled) {
    report.warnings.add(pathOf(place), 'action_disabled', `${action.type}: ${action.reason ?? 'not executed'}`);
  }
  return { type: action.type, params };
}

type Fail = (where: Place, code: string, message: string) => void;

function checkParams(action: ActionType, params: JsonObject, place: Place, fail: Fail): void {
  let isRight = true;
  for (const param of action.params) {
    const value = Object.hasOwn(params, param.name) ? params[param.name] : undefined;
    if (value === undefined) {
      if (!param.required) continue;
      fail(at(place, `.${param.name}`), 'required', `is missing: ${param.description}`);
      isRight = false;
      continue;
    }
    const mistake = paramMistake(param, value);
    if (mistake === null) continue;
    fail(at(place, `.${param.name}`), 'wrong_value', mistake);
    isRight = false;
  }
  if (action.open_params !== true) {
    const known = action.params.map(({ name }) => name);
    for (const key of Object.keys(params)) {
      if (!known.includes(key)) {
        fail(
          at(place, memberStep(key)),
          'unknown_param',
          `is no parameter of ${action.type}: it takes ${known.join(', ')}`,
        );
      }
    }
  }
  const mistake = isRight ? (action.check?.(params) ?? null) : null;
  if (mistake !== null) fail(place, 'wrong_value', mistake);
}

function paramMistake(param: ActionParam, value: unknown): string | null {
  return typeMistake(param, value) ?? rangeMistake(param, value) ?? param.check?.(value) ?? null;
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

function typeMistake({ type, values }: ActionParam, value: unknown): string | null {
  if (values !== undefined) {
    return typeof value === 'string' && values.includes(value) ? null : `must be one of ${values.join(', ')}`;
  }
  const { accepts, expected } = types[type];
  return accepts(value) ? null : `must be ${expected}`;
}

function rangeMistake(
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
