/**
 * A rule as JSON Schema (draft 2020-12), for editors and for the API's description. It says what a rule may consist of;
 * whether a field is known, a pattern compiles or two parameters go together is said by `validate-rule.ts` alone.
 */
import { actionCatalog, type ActionParam, type ActionType } from './action-catalog.ts';
import { operators, type ValueShape } from './operators.ts';
import { ruleLimits } from './rule-limits.ts';
import { ruleIdPattern, writableStatuses } from './rule.ts';

export type JsonSchema = Record<string, unknown>;

/** @param definitions where the parts that refer to one another stand, such as `#/$defs` */
export function ruleSchema(definitions: string): { rule: JsonSchema; parts: Record<string, JsonSchema> } {
  const part = (name: string): JsonSchema => ({ $ref: `${definitions}/${name}` });
  const rule: JsonSchema = {
    title: 'Rule',
    description: 'One trigger, a tree of conditions, and actions that are carried out one after the other.',
    type: 'object',
    additionalProperties: false,
    required: ['name', 'trigger_event', 'actions'],
    properties: {
      id: {
        type: 'string',
        pattern: ruleIdPattern.source,
        description: 'Left out: made from name and brand, or anew',
      },
      name: { type: 'string', minLength: 1, maxLength: ruleLimits.name },
      description: { type: 'string', maxLength: ruleLimits.description, default: '' },
      brand: {
        type: ['string', 'null'],
        maxLength: ruleLimits.brand,
        default: null,
        description: 'null = every brand',
      },
      trigger_event: {
        type: 'string',
        minLength: 1,
        maxLength: ruleLimits.triggerEvent,
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
        type: 'object',
        description: 'Runs beyond it are held until somebody releases or discards them',
        additionalProperties: false,
        required: ['count', 'per'],
        properties: {
          count: { type: 'integer', minimum: 1, maximum: ruleLimits.runsPerWindow },
          per: { oneOf: [{ enum: ['minute', 'hour', 'day'] }, part('Span')] },
          on_exceed: { const: 'hold', default: 'hold' },
        },
      },
      conditions: part('Condition'),
      actions: { type: 'array', minItems: 1, maxItems: ruleLimits.actions, items: part('Action') },
    },
  };
  return {
    rule,
    parts: {
      Span: {
        type: 'object',
        additionalProperties: false,
        required: ['value', 'unit'],
        properties: { value: { type: 'number', exclusiveMinimum: 0 }, unit: { enum: ['minutes', 'hours', 'days'] } },
      },
      Condition: { oneOf: [part('Group'), part('Not'), part('Comparison')] },
      Group: {
        type: 'object',
        additionalProperties: false,
        required: ['match', 'rules'],
        properties: { match: { enum: ['all', 'any'] }, rules: { type: 'array', items: part('Condition') } },
      },
      Not: {
        type: 'object',
        additionalProperties: false,
        required: ['not'],
        properties: { not: part('Condition') },
      },
      Comparison: { oneOf: comparisons() },
      Action: { oneOf: actionCatalog.map(actionSchema) },
    },
  };
}

/** The schema of a rule in a file of its own. */
export function ruleFileSchema(): JsonSchema {
  const { rule, parts } = ruleSchema('#/$defs');
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...rule, $defs: parts };
}

const scalar = { type: ['string', 'number', 'boolean', 'null'] };
const values: Record<ValueShape, JsonSchema | null> = {
  scalar,
  number_or_date: { type: ['number', 'string'] },
  array: { type: 'array', items: scalar, maxItems: ruleLimits.valueItems },
  string: { type: ['string', 'number', 'boolean'] },
  pair: { type: 'array', minItems: 2, maxItems: 2, items: { type: ['number', 'string'] } },
  none: null,
  pattern: { type: 'string', maxLength: ruleLimits.regex },
};

function comparisons(): JsonSchema[] {
  const shapes = new Set(operators.map(({ value_shape }) => value_shape));
  return [...shapes].map((shape) => {
    const value = values[shape];
    return {
      type: 'object',
      additionalProperties: false,
      required: ['field', 'operator', ...(value === null ? [] : ['value'])],
      properties: {
        field: { type: 'string', maxLength: ruleLimits.fieldPath },
        operator: { enum: operators.filter(({ value_shape }) => value_shape === shape).map(({ code }) => code) },
        ...(value !== null && { value }),
      },
    };
  });
}

function actionSchema({ type, description, params, open_params = false }: ActionType): JsonSchema {
  const required = params.filter((param) => param.required).map(({ name }) => name);
  return {
    type: 'object',
    description,
    additionalProperties: false,
    required: ['type', ...(required.length > 0 ? ['params'] : [])],
    properties: {
      type: { const: type },
      params: {
        type: 'object',
        additionalProperties: open_params,
        ...(required.length > 0 && { required }),
        properties: Object.fromEntries(params.map((param) => [param.name, paramSchema(param)])),
      },
    },
  };
}

/** A number or a flag may also be given by a reference, which is a text. */
function paramSchema({
  type,
  description,
  default: fallback,
  min,
  max,
  clamped = false,
  values: known,
}: ActionParam): JsonSchema {
  const facts = { description, ...(fallback !== undefined && { default: fallback }) };
  if (known !== undefined) return { ...facts, enum: [...known] };
  const isText = type === 'string';
  const range = clamped
    ? {}
    : {
        ...(min !== undefined && { [isText ? 'minLength' : 'minimum']: min }),
        ...(max !== undefined && { [isText ? 'maxLength' : 'maximum']: max }),
      };
  const types: Record<ActionParam['type'], JsonSchema> = {
    string: { type: 'string', ...range },
    integer: { type: ['integer', 'string'], ...range },
    number: { type: ['number', 'string'], ...range },
    boolean: { type: ['boolean', 'string'] },
    id: { type: ['string', 'integer'] },
    object: { type: 'object' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
  };
  return { ...facts, ...types[type] };
}
