/** Checks one action of a rule against the catalogue. */
import { actionCatalog, findActionType, type ActionParam, type ActionType } from './action-catalog.ts';
import { checkIssue, paramIssue, typeIssue } from './check-param.ts';
import { checkTemplates, templateContextFor } from './render-actions.ts';
import { messageOf, SignalboxError } from '../errors/errors.ts';
import type { FieldSchema } from '../context/fields.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { isDeeperThan } from '../json/json-depth.ts';
import { at, formatMember, formatJsonPath, type JsonPath } from '../errors/json-path.ts';
import type { ProblemCode, ProblemParams } from '../errors/problem-codes.ts';
import type { ProblemList } from '../errors/problem-list.ts';
import { mayHoldTemplate } from '../templates/template.ts';
import type { RuleAction } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';

export interface ActionReport {
  errors: ProblemList;
  warnings: ProblemList;
}

/**
 * @param fields that references in its texts may name
 * @returns the action in the engine's form, or null when it has issues.
 */
export function readAction(
  input: unknown,
  place: JsonPath,
  report: ActionReport,
  fields: readonly FieldSchema[],
): RuleAction | null {
  const before = report.errors.problems.length;
  const fail: Fail = (where, code, message, params) => {
    const path = formatJsonPath(where);
    report.errors.add(path, code, `${path} ${message}`, params);
  };
  if (!isJsonObject(input)) {
    fail(place, 'wrong_type', 'must be an object {type, params}', { expected: 'action' });
    return null;
  }
  for (const key of Object.keys(input)) {
    if (key !== 'type' && key !== 'params') fail(at(place, formatMember(key)), 'unknown_key', 'does not belong here');
  }
  const params = input['params'] ?? {};
  const action = typeof input['type'] === 'string' ? findActionType(input['type']) : null;
  if (action === null) {
    const values = actionCatalog.map(({ type }) => type);
    fail(at(place, '.type'), 'unknown_action', `must be one of ${values.join(', ')}`, { values });
  }
  const paramsPlace = at(place, '.params');
  if (!isJsonObject(params)) {
    fail(paramsPlace, 'wrong_type', 'must be an object', { expected: 'object' });
    return null;
  }
  if (isDeeperThan(params, ruleLimits.paramsDepth)) {
    const max = ruleLimits.paramsDepth;
    fail(paramsPlace, 'too_deep', `must not be nested more than ${max} levels deep`, { max });
    return null;
  }
  if (action === null) return null;
  checkParams(action, params, { place: paramsPlace, fields, fail });
  if (report.errors.problems.length > before) return null;
  const doubt = action.doubt?.(params) ?? null;
  if (doubt !== null) {
    report.warnings.add(formatJsonPath(place), doubt.code, `${action.type} ${doubt.message}`, doubt.params);
  }
  if (!action.runtime_enabled) {
    const message = `${action.type}: ${action.reason ?? 'not executed'}`;
    report.warnings.add(formatJsonPath(place), 'action_disabled', message, { name: action.type });
  }
  return { type: action.type, params };
}

type Fail = (where: JsonPath, code: ProblemCode, message: string, params?: ProblemParams) => void;

interface Check {
  place: JsonPath;
  fields: readonly FieldSchema[];
  fail: Fail;
}

function checkParams(action: ActionType, params: JsonObject, check: Check): void {
  const { place, fail } = check;
  let isRight = true;
  for (const param of action.params) {
    const value = Object.hasOwn(params, param.name) ? params[param.name] : undefined;
    if (value === undefined) {
      if (!param.required) continue;
      fail(at(place, `.${param.name}`), 'required', `is missing: ${param.description}`);
      isRight = false;
      continue;
    }
    if (!checkParam(param, value, { ...check, place: at(place, `.${param.name}`) })) isRight = false;
  }
  if (action.open_params !== true) {
    const known = action.params.map(({ name }) => name);
    for (const key of Object.keys(params)) {
      if (!known.includes(key)) {
        fail(
          at(place, formatMember(key)),
          'unknown_param',
          `is no parameter of ${action.type}: it takes ${known.join(', ')}`,
          { name: action.type, values: known },
        );
      }
    }
  }
  const issue = isRight ? (action.check?.(params) ?? null) : null;
  if (issue !== null) fail(place, 'wrong_value', issue);
}

/** @returns whether the value is right */
function checkParam(param: ActionParam, value: unknown, { place, fields, fail }: Check): boolean {
  const form = templateContextFor(param);
  const sample = (text: string, where: JsonPath): string | null => {
    if (form === null || !mayHoldTemplate(text)) return text;
    try {
      return checkTemplates(text, form, fields);
    } catch (error) {
      if (!(error instanceof SignalboxError)) throw error;
      // Those of templates are among the codes of problems.
      fail(where, error.code as ProblemCode, messageOf(error));
      return null;
    }
  };
  const wrongType = typeIssue(param, value);
  if (wrongType !== null) {
    fail(place, 'wrong_value', wrongType.message, wrongType.params);
    return false;
  }
  const checked = form === null ? value : buildSample(value, place, sample);
  if (checked === null) return false;
  // A reference may be longer than what it stands for, so the text as written has to keep the limits, too.
  const unchecked = { ...param, check: undefined };
  // A sample looks like part of a URL or a header, but like no address of a person: those are checked when rendered.
  const isChecked = checked === value || form === 'url' || form === 'header';
  const issue = paramIssue(unchecked, value) ?? (isChecked ? checkIssue(param, checked) : null);
  if (issue !== null) fail(place, 'wrong_value', issue.message, issue.params);
  return issue === null;
}

/** The value with a sample for each reference; null when one of them is wrong. */
function buildSample(
  value: unknown,
  place: JsonPath,
  sample: (text: string, where: JsonPath) => string | null,
): unknown {
  if (typeof value === 'string') return sample(value, place);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => ({
    name,
    member: typeof member === 'string' ? sample(member, at(place, formatMember(name))) : member,
  }));
  return members.some(({ member }) => member === null)
    ? null
    : Object.fromEntries(members.map(({ name, member }) => [name, member]));
}
