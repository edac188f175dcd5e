/**
 * Checks a rule that a person wrote and brings it into the engine's form. Adding, updating, importing and the separate
 * validation all use it. It reports every issue, with its place and what would be right.
 */
import { readConditions } from '../conditions/parse-conditions.ts';
import type { Problem } from '../errors/errors.ts';
import { builtInFields, type FieldSchema } from '../context/fields.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import { writeJson } from '../json/stringify-json.ts';
import { at, formatMember, formatJsonPath } from '../errors/json-path.ts';
import type { ProblemCode, ProblemParams } from '../errors/problem-codes.ts';
import { ProblemList } from '../errors/problem-list.ts';
import {
  ruleIdExpected,
  ruleIdPattern,
  writableStatuses,
  type RuleAction,
  type RuleDefinition,
  type RuleStatus,
} from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import { isKnownTrigger } from '../events/triggers.ts';
import { readAction } from '../actions/validate-action.ts';
import { readLimit, readReEnroll } from './validate-admission.ts';
import { checkProcessRule, processFields, readProcess } from './validate-process.ts';

export interface RuleValidation {
  /** The definition in the engine's form; null when there are errors. */
  rule: RuleDefinition | null;
  /** The id a file gave its rule; null when it gave none. */
  id: string | null;
  errors: Problem[];
  warnings: Problem[];
}

export interface ValidationOptions {
  /** Fields that may be conditioned on: the built-in ones, and those of the broker's own status types. */
  fields?: readonly FieldSchema[];
  /** Event types seen on Kafka beyond the built-in triggers. */
  isKnownTrigger?: (name: string) => boolean;
}

const writable = [
  'id',
  'name',
  'description',
  'brand',
  'trigger_event',
  'conditions',
  'actions',
  'priority',
  'stop_after',
  'status',
  're_enroll',
  'limit',
  'process',
];
const serverSet = ['version', 'created_at', 'updated_at', 'archived_at', 'created_by', 'updated_by'];

// Control characters and unpaired surrogates; line breaks and tabs are welcome in descriptions only.
const unfit = /[\p{Cc}\p{Cs}]/u;
const unfitInProse = /[^\P{Cc}\n\r\t]|\p{Cs}/u;

export const defaultPriority = 100;

/** Never throws. */
export function validateRule(input: unknown, options: ValidationOptions = {}): RuleValidation {
  const reader = new RuleReader(options);
  const { rule, id } = reader.read(input);
  const errors = reader.errors.problems;
  return { rule: errors.length === 0 ? rule : null, id, errors, warnings: reader.warnings.problems };
}

class RuleReader {
  readonly errors = new ProblemList();
  readonly warnings = new ProblemList();
  #fields: readonly FieldSchema[];
  readonly #isKnownTrigger: (name: string) => boolean;

  constructor({ fields = builtInFields, isKnownTrigger: isKnown = () => false }: ValidationOptions) {
    this.#fields = fields;
    this.#isKnownTrigger = (name) => isKnownTrigger(name) || isKnown(name);
  }

  read(input: unknown): { rule: RuleDefinition | null; id: string | null } {
    if (!isJsonObject(input)) {
      this.errors.add('', 'wrong_type', 'the rule must be an object', { expected: 'object' });
      return { rule: null, id: null };
    }
    this.#keys(input);
    const reEnroll = readReEnroll(input['re_enroll'], this.errors);
    const limit = readLimit(input['limit'], this.errors);
    const process = readProcess(input['process'], this.errors);
    checkProcessRule(input, this.errors);
    if (process !== undefined) this.#fields = [...this.#fields, ...processFields(process)];
    const rule: RuleDefinition = {
      name: this.#text(input, 'name', ruleLimits.name) ?? this.#missing('name', 'a text'),
      description: this.#description(input['description']),
      brand: input['brand'] === null ? null : (this.#text(input, 'brand', ruleLimits.brand) ?? null),
      trigger_event: this.#trigger(input),
      conditions: readConditions(input['conditions'], this, this.#fields),
      actions: this.#actions(input['actions']),
      priority: this.#priority(input['priority']),
      stop_after: this.#flag('stop_after', input['stop_after']),
      status: this.#status(input['status']),
      ...(reEnroll !== undefined && { re_enroll: reEnroll }),
      ...(limit !== undefined && { limit }),
      ...(process !== undefined && { process }),
    };
    return { rule, id: this.#id(input['id']) };
  }

  #keys(input: JsonObject): void {
    for (const key of Object.keys(input)) {
      const path = formatJsonPath(at(null, formatMember(key))).replace(/^\./, '');
      if (serverSet.includes(key)) this.#fail(path, 'unknown_key', 'is set by the server: leave it out');
      else if (!writable.includes(key)) {
        this.#fail(path, 'unknown_key', `is no part of a rule: expected only ${writable.join(', ')}`, {
          values: writable,
        });
      }
    }
  }

  /** A text of one line; undefined when it is absent or wrong. */
  #text(input: JsonObject, key: string, limit: number): string | undefined {
    const value = input[key];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') this.#fail(key, 'wrong_type', 'must be a text', { expected: 'text' });
    else if (value.trim() === '') this.#fail(key, 'required', 'must not be empty');
    else if (value.length > limit) {
      this.#fail(key, 'too_long', `has ${value.length} characters: at most ${limit} are allowed`, { max: limit });
    } else if (unfit.test(value)) {
      const message = 'must not hold line breaks or other control characters';
      this.#fail(key, 'wrong_value', message, { expected: 'one_line' });
    } else if (key !== 'name' && value.trim() !== value) {
      this.#fail(key, 'wrong_value', 'must not begin or end with a space', { expected: 'no_outer_spaces' });
    } else return value;
    return '';
  }

  #missing(key: string, expected: string): string {
    this.#fail(key, 'required', `is missing: expected ${expected}`);
    return '';
  }

  #description(value: unknown): string {
    if (value === undefined) return '';
    const max = ruleLimits.description;
    if (typeof value !== 'string') this.#fail('description', 'wrong_type', 'must be a text', { expected: 'text' });
    else if (value.length > max) this.#fail('description', 'too_long', `has more than ${max} characters`, { max });
    else if (unfitInProse.test(value)) {
      const message = 'must not hold control characters';
      this.#fail('description', 'wrong_value', message, { expected: 'no_control_characters' });
    } else return value;
    return '';
  }

  #trigger(input: JsonObject): string {
    const expected = 'the event that starts it, e.g. "customer.deposited"';
    const trigger =
      this.#text(input, 'trigger_event', ruleLimits.triggerEvent) ?? this.#missing('trigger_event', expected);
    if (trigger !== '' && !this.#isKnownTrigger(trigger)) {
      const message = `${trigger} is not a known trigger: the rule runs once events of this type arrive`;
      this.warnings.add('trigger_event', 'unknown_trigger', message, { name: trigger });
    }
    return trigger;
  }

  #actions(value: unknown): RuleAction[] {
    if (!Array.isArray(value)) {
      const code = value === undefined ? 'required' : 'wrong_type';
      this.#fail('actions', code, 'must be a list of actions', { expected: 'list' });
      return [];
    }
    if (value.length === 0) this.#fail('actions', 'required', 'must hold at least one action');
    if (value.length > ruleLimits.actions) {
      const message = `has ${value.length} actions: at most ${ruleLimits.actions} are allowed`;
      this.#fail('actions', 'too_many', message, { max: ruleLimits.actions });
      return [];
    }
    const inputs: unknown[] = value;
    const actions = inputs
      .map((input, index) => readAction(input, at(null, `actions[${index}]`), this, this.#fields))
      .filter((action) => action !== null);
    if (writeJson(actions).length > ruleLimits.actionsJson) {
      const max = ruleLimits.actionsJson;
      this.#fail('actions', 'too_long', `take more than ${max} characters as JSON`, { max });
    }
    return actions;
  }

  #priority(value: unknown): number {
    if (value === undefined) return defaultPriority;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= ruleLimits.priority)
      return value;
    const max = ruleLimits.priority;
    const message = `must be a whole number from 0 to ${max}; 0 runs first`;
    this.#fail('priority', 'wrong_value', message, { expected: 'from_to', min: 0, max });
    return defaultPriority;
  }

  #flag(key: string, value: unknown): boolean {
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    this.#fail(key, 'wrong_type', 'must be true or false', { expected: 'boolean' });
    return false;
  }

  #status(value: unknown): RuleStatus {
    if (value === undefined) return 'active';
    const known = writableStatuses.find((status) => status === value);
    if (known !== undefined) return known;
    const advice = value === 'archived' ? '; to archive a rule use the archive operation' : '';
    const message = `must be one of ${writableStatuses.join(', ')}${advice}`;
    this.#fail('status', 'wrong_value', message, { expected: 'one_of', values: writableStatuses });
    return 'inactive';
  }

  #id(value: unknown): string | null {
    if (value === undefined) return null;
    if (typeof value === 'string' && ruleIdPattern.test(value)) return value;
    this.#fail('id', 'wrong_value', ruleIdExpected, { expected: 'rule_id' });
    return null;
  }

  #fail(path: string, code: ProblemCode, message: string, params?: ProblemParams): void {
    this.errors.add(path, code, `${path} ${message}`, params);
  }
}
