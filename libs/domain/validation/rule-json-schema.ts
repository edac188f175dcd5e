/**
 * A rule as JSON Schema (draft 2020-12), for editors and for the API's description. It says what a rule may consist of;
 * whether a field is known, a pattern compiles or two parameters go together is said by `validate-rule.ts` alone.
 */
import { actionCatalog, type ActionParam, type ActionType } from '../actions/action-catalog.ts';
import { approvalLimits, approversIssue } from '../approvals/approval-params.ts';
import { operators, type ValueShape } from '../conditions/operators.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import { dataNamePattern, dataTypes, processLimits } from '../rules/process.ts';
import { ruleIdPattern, writableStatuses } from '../rules/rule.ts';
import { checkSpan, delayUnits, maxDelayMs } from '../values/duration.ts';

export type JsonSchema = Record<string, unknown>;

/** @param definitions where the parts that refer to one another stand, such as `#/$defs` */
export function ruleSchema(definitions: string): { rule: JsonSchema; parts: Record<string, JsonSchema> } {
  const part = (name: string): JsonSchema => ({ $ref: `${definitions}/${name}` });
  const rule: JsonSchema = {
    title: 'Rule',
    description: 'One trigger, a tree of conditions, and actions that are executed one after the other.',
    type: 'object',
    additionalProperties: false,
    required: ['name', 'trigger_event', 'actions'],
    properties: {
      id: {
        type: 'string',
        pattern: ruleIdPattern.source,
        description: 'Left out: made from name and brand, or anew',
      },
      name: {
        type: 'string',
        minLength: 1,
        maxLength: ruleLimits.name,
        allOf: [{ pattern: oneLine }, { pattern: '\\S' }],
      },
      description: { type: 'string', maxLength: ruleLimits.description, pattern: prose, default: '' },
      brand: {
        type: ['string', 'null'],
        minLength: 1,
        maxLength: ruleLimits.brand,
        pattern: trimmed,
        default: null,
        description: 'null = every brand',
      },
      trigger_event: {
        type: 'string',
        minLength: 1,
        maxLength: ruleLimits.triggerEvent,
        pattern: trimmed,
        description: 'Type of the event that starts it',
        examples: ['customer.deposited'],
      },
      priority: {
        type: 'integer',
        minimum: 0,
        maximum: ruleLimits.priority,
        default: 100,
        description: 'Lower runs earlier',
      },
      stop_after: {
        type: 'boolean',
        default: false,
        description: 'Whether matching rules of a greater priority number are skipped when this one matches',
      },
      status: {
        enum: [...writableStatuses],
        default: 'active',
        description: 'active: matched and run; shadow: matched and noted; draft, inactive: not matched',
      },
      re_enroll: {
        description: 'How often it runs for a customer; left out: always',
        oneOf: [{ enum: ['always', 'once'] }, part('Span')],
      },
      limit: {
        type: ['object', 'null'],
        description: 'Runs beyond it are held until a person releases or discards them',
        additionalProperties: false,
        required: ['count', 'per'],
        properties: {
          count: { type: 'integer', minimum: 1, maximum: ruleLimits.runsPerWindow },
          per: { oneOf: [{ enum: ['minute', 'hour', 'day'] }, part('Span')] },
          on_exceed: { const: 'hold', default: 'hold' },
        },
      },
      process: {
        ...processSchema(),
        type: ['object', 'null'],
        description: 'Makes it a process, which incoming webhooks start; the trigger is then request.created',
      },
      conditions: {
        description: 'Left out: every event of the trigger. A list means all of them',
        anyOf: [part('Condition'), { type: 'array', items: part('Condition') }, { type: 'null' }],
      },
      actions: { type: 'array', minItems: 1, maxItems: ruleLimits.actions, items: part('Action') },
    },
  };
  return {
    rule,
    parts: {
      Span: { oneOf: Object.entries(delayUnits).map(([unit, ms]) => spanSchema(unit, maxDelayMs / ms)) },
      Condition: { oneOf: [part('Group'), part('Not'), part('Comparison')] },
      Group: {
        type: 'object',
        additionalProperties: false,
        required: ['match', 'rules'],
        properties: {
          match: { enum: ['all', 'any'] },
          rules: { type: 'array', maxItems: ruleLimits.conditionNodes, items: part('Condition') },
        },
      },
      Not: {
        type: 'object',
        additionalProperties: false,
        required: ['not'],
        properties: { not: part('Condition') },
      },
      Comparison: { oneOf: comparisons() },
      Action: { oneOf: actionCatalog.map((action) => actionSchema(action, part('Span'))) },
    },
  };
}

function processSchema(): JsonSchema {
  const text = (maxLength: number): JsonSchema => ({ type: 'string', minLength: 1, maxLength, pattern: trimmed });
  const itemName = { type: 'string', pattern: dataNamePattern.source };
  return {
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { ...text(processLimits.name), description: 'By which callers start it' },
      version: { type: 'integer', minimum: 1, maximum: processLimits.version, default: 1 },
      state: { enum: ['active', 'test'], default: 'active', description: 'test: only requests with isTest find it' },
      public: { type: 'boolean', default: false, description: 'Whether incoming webhooks may start it' },
      folder: { ...text(processLimits.folder), description: 'Whose managers have rights on its requests' },
      data: {
        type: 'array',
        maxItems: processLimits.dataItems,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name', 'type'],
          properties: { name: itemName, type: { enum: [...dataTypes] }, required: { type: 'boolean', default: false } },
        },
      },
      customer: { ...itemName, description: 'TEXT item that holds the id of the customer' },
      login: { ...itemName, description: 'NUMERIC item that holds the login of the account' },
    },
  };
}

/** The schema of a rule in a file of its own. */
export function ruleFileSchema(): JsonSchema {
  const { rule, parts } = ruleSchema('#/$defs');
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...rule, $defs: parts };
}

/** Of texts: no line breaks and other control characters; the same, and no blanks at its ends; line breaks are welcome. */
const oneLine = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';
const trimmed =
  '^[^\\s\\u0000-\\u001f\\u007f-\\u009f](?:[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$';
const prose = '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$';

function spanSchema(unit: string, most: number): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['value', 'unit'],
    properties: { value: { type: 'integer', minimum: 1, maximum: most }, unit: { const: unit } },
  };
}

const scalar = { type: ['string', 'number', 'boolean'], maxLength: ruleLimits.valueText };
const values: Record<ValueShape, JsonSchema> = {
  scalar,
  number_or_date: { type: ['number', 'string'] },
  array: { type: 'array', items: scalar, maxItems: ruleLimits.valueItems },
  string: { type: 'string', minLength: 1, maxLength: ruleLimits.valueText },
  pair: { type: 'array', minItems: 2, maxItems: 2, items: { type: ['number', 'string'] } },
  none: { enum: [null, ''] },
  pattern: { type: 'string', minLength: 1, maxLength: ruleLimits.regex },
};

function comparisons(): JsonSchema[] {
  const shapes = new Set(operators.map(({ value_shape }) => value_shape));
  return [...shapes].map((shape) => {
    const value = values[shape];
    return {
      type: 'object',
      additionalProperties: false,
      required: ['field', 'operator', ...(shape === 'none' ? [] : ['value'])],
      properties: {
        field: { type: 'string', minLength: 1, maxLength: ruleLimits.fieldPath },
        operator: { enum: operators.filter(({ value_shape }) => value_shape === shape).map(({ code }) => code) },
        value,
      },
    };
  });
}

function actionSchema({ type, description, params, open_params = false }: ActionType, span: JsonSchema): JsonSchema {
  const required = params.filter((param) => param.required).map(({ name }) => name);
  return {
    type: 'object',
    description,
    additionalProperties: false,
    required: ['type', ...(required.length > 0 ? ['params'] : [])],
    properties: {
      type: { const: type },
      params: {
        // Nothing is as good as no parameters.
        type: required.length > 0 ? 'object' : ['object', 'null'],
        additionalProperties: open_params,
        ...(required.length > 0 && { required }),
        properties: Object.fromEntries(params.map((param) => [param.name, paramSchema(param, span)])),
      },
    },
  };
}

function paramSchema(param: ActionParam, span: JsonSchema): JsonSchema {
  const { type, description, default: fallback, values: known, check } = param;
  const facts = { description, ...(fallback !== undefined && { default: fallback }) };
  if (known !== undefined) return { ...facts, enum: [...known] };
  if (check === checkSpan) return { ...facts, ...span };
  if (check === approversIssue) return { ...facts, ...approvers };
  return { ...facts, ...typeSchema(param)[type] };
}

/** References stand in texts alone. */
function typeSchema({ min, max, clamped = false }: ActionParam): Record<ActionParam['type'], JsonSchema> {
  const length = { ...(min !== undefined && { minLength: min }), ...(max !== undefined && { maxLength: max }) };
  const number = clamped
    ? {}
    : { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
  const safe = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
  return {
    string: { type: 'string', ...length },
    integer: { type: 'integer', ...(clamped ? {} : safe), ...number },
    number: { type: 'number', ...number },
    boolean: { type: 'boolean' },
    id: {
      anyOf: [
        { type: 'string', ...length },
        { type: 'integer', ...safe },
      ],
    },
    object: { type: 'object' },
    headers: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: ruleLimits.webhookHeaders },
  };
}

const names = {
  type: 'array',
  maxItems: approvalLimits.names,
  items: { type: 'string', minLength: 1, maxLength: approvalLimits.nameLength },
};
const approvers: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { roles: names, users: names, manager_of_customer: { type: 'boolean' } },
};
