/**
 * Conditions as people write them -> the one form the engine works on. The tree is walked with a stack of our own, so
 * its depth does not matter.
 */
import { valueIssue } from './check-value.ts';
import { builtInFields, fieldAdvice, fieldType, isKnownField, type FieldSchema } from '../context/fields.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { findOperator, operators } from './operators.ts';
import { at, formatMember, formatJsonPath, type JsonPath } from '../errors/json-path.ts';
import type { ProblemCode, ProblemParams } from '../errors/problem-codes.ts';
import type { ProblemList } from '../errors/problem-list.ts';
import type { ConditionNode, Group, Predicate, Not } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';

export interface ConditionReport {
  errors: ProblemList;
  warnings: ProblemList;
}

/** Conditions that always pass. */
export function noConditions(): Group {
  return { match: 'all', rules: [] };
}

interface Task {
  input: unknown;
  place: JsonPath;
  /** Puts the finished node where its parent wants it. */
  put: (node: ConditionNode) => void;
}

/**
 * @param input a tree; a flat list of conditions, which means all of them; or nothing, which always passes
 * @returns the tree in the engine's form. When `report.errors` has got entries it is incomplete and of no use.
 */
export function readConditions(
  input: unknown,
  report: ConditionReport,
  fields: readonly FieldSchema[] = builtInFields,
): ConditionNode {
  if (input === undefined || input === null) return noConditions();
  let root: ConditionNode = noConditions();
  const put = (node: ConditionNode): void => {
    root = node;
  };
  new ConditionReader(report, fields).read({ input, place: at(null, 'conditions'), put });
  return root;
}

class ConditionReader {
  readonly #report: ConditionReport;
  readonly #fields: readonly FieldSchema[];
  readonly #stack: Task[] = [];
  #nodes = 0;
  #patterns = 0;

  constructor(report: ConditionReport, fields: readonly FieldSchema[]) {
    this.#report = report;
    this.#fields = fields;
  }

  read(root: Task): void {
    if (Array.isArray(root.input)) this.#children(root.input, root.place, 'all', root.put);
    else this.#stack.push(root);
    for (let task = this.#stack.pop(); task !== undefined; task = this.#stack.pop()) {
      this.#nodes += 1;
      if (this.#nodes > ruleLimits.conditionNodes) {
        const max = ruleLimits.conditionNodes;
        this.#error(at(null, 'conditions'), 'too_many', `has more than ${max} nodes`, { max });
        return;
      }
      this.#node(task);
    }
  }

  #node({ input, place, put }: Task): void {
    if (!isJsonObject(input)) {
      this.#error(place, 'wrong_type', 'is no condition: expected an object', { expected: 'condition' });
    } else if ('not' in input) {
      this.#onlyKeys(input, place, ['not']);
      const node: Not = { not: noConditions() };
      this.#stack.push({ input: input['not'], place: at(place, '.not'), put: (child) => (node.not = child) });
      put(node);
    } else if ('match' in input || 'rules' in input) {
      this.#onlyKeys(input, place, ['match', 'rules']);
      this.#group(input, place, put);
    } else if ('field' in input || 'operator' in input) {
      this.#onlyKeys(input, place, ['field', 'operator', 'value']);
      this.#leaf(input, place, put);
    } else {
      const message = 'is no condition: expected {field, operator, value}, {match, rules} or {not}';
      this.#error(place, 'wrong_value', message, { expected: 'condition' });
    }
  }

  #group({ match, rules }: JsonObject, place: JsonPath, put: Task['put']): void {
    if (match !== 'all' && match !== 'any') {
      this.#error(at(place, '.match'), 'wrong_value', 'must be "all" or "any"', {
        expected: 'one_of',
        values: ['all', 'any'],
      });
    }
    if (!Array.isArray(rules)) {
      this.#error(at(place, '.rules'), 'wrong_type', 'must be a list of conditions', { expected: 'list' });
      return;
    }
    this.#children(rules, at(place, '.rules'), match === 'any' ? 'any' : 'all', put);
  }

  #children(inputs: readonly unknown[], place: JsonPath, match: Group['match'], put: Task['put']): void {
    const rules: ConditionNode[] = [];
    put({ match, rules });
    if (inputs.length > ruleLimits.conditionNodes) {
      const max = ruleLimits.conditionNodes;
      this.#error(place, 'too_many', `has more than ${max} members`, { max });
      return;
    }
    // The stack hands out the last one first; issues are told in the order of the document.
    for (let index = inputs.length - 1; index >= 0; index -= 1) {
      this.#stack.push({
        input: inputs[index],
        place: at(place, `[${index}]`),
        put: (child) => (rules[index] = child),
      });
    }
  }

  #leaf({ field, operator, value }: JsonObject, place: JsonPath, put: Task['put']): void {
    const before = this.#report.errors.problems.length;
    if (typeof field !== 'string' || field === '') {
      this.#error(at(place, '.field'), 'required', 'must be a field path, e.g. "trade.symbol"');
    } else if (!isKnownField(field, this.#fields)) {
      this.#error(at(place, '.field'), 'unknown_field', `is not a known field: ${fieldAdvice(field)}`, { name: field });
    }
    const info = findOperator(operator);
    if (info === null) {
      const values = operators.map(({ code }) => code);
      this.#error(at(place, '.operator'), 'unknown_operator', `must be one of ${values.join(', ')}`, { values });
    }
    if (info === null || typeof field !== 'string' || this.#report.errors.problems.length > before) return;
    const leaf: Predicate = { field, operator: info.code, ...(value !== undefined && { value }) };
    if (info.value_shape === 'pattern' && !this.#countPattern(place)) return;
    const issue = valueIssue(leaf, info);
    if (issue !== null) this.#error(at(place, '.value'), 'wrong_value', issue.message, issue.params, ': ');
    if (!info.types.includes(fieldType(field))) {
      const type = fieldType(field);
      const never = `${info.code} never holds for ${field}, which is of type ${type}`;
      const params = { operator: info.code, name: field, type };
      this.#report.warnings.add(() => formatJsonPath(place), 'unsuited_operator', never, params);
    }
    put(info.value_shape === 'none' ? { field, operator: info.code } : leaf);
  }

  #countPattern(place: JsonPath): boolean {
    this.#patterns += 1;
    if (this.#patterns <= ruleLimits.regexConditions) return true;
    this.#error(
      place,
      'too_many',
      `is one regex too many: at most ${ruleLimits.regexConditions} are allowed in a rule`,
      { operator: 'regex', max: ruleLimits.regexConditions },
    );
    return false;
  }

  #onlyKeys(input: JsonObject, place: JsonPath, allowed: readonly string[]): void {
    for (const key of Object.keys(input)) {
      if (!allowed.includes(key)) {
        this.#error(
          at(place, formatMember(key)),
          'unknown_key',
          `does not belong here: expected only ${allowed.join(', ')}`,
          { values: allowed },
        );
      }
    }
  }

  #error(place: JsonPath, code: ProblemCode, message: string, params?: ProblemParams, joint = ' '): void {
    if (this.#report.errors.isFull) return;
    const path = formatJsonPath(place);
    this.#report.errors.add(path, code, `${path}${joint}${message}`, params);
  }
}
