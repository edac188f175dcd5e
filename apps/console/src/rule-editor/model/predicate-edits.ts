/** What becomes of a condition's operator and value when its field or its operator is changed. */
import { valueKind } from './field-values.ts';

/** As the registry names how values are written. */
export type ValueShape = 'scalar' | 'number_or_date' | 'array' | 'string' | 'pair' | 'none' | 'pattern';

export interface KnownOperator {
  code: string;
  value_shape: ValueShape;
  types: readonly string[];
}

export interface Says {
  field: string;
  operator: string;
  value?: unknown;
}

/** Those that suit the type; an operator that a condition has is always among them. */
export function suitable<Known extends KnownOperator>(
  operators: readonly Known[],
  type: string,
  present: string,
): Known[] {
  return operators.filter(({ code, types }) => code === present || types.includes(type));
}

export function withField(
  says: Says,
  field: string,
  types: [before: string, after: string],
  operators: readonly KnownOperator[],
): Says {
  const [before, after] = types;
  const suits = operators.find(({ code }) => code === says.operator)?.types.includes(after) ?? false;
  const operator = suits ? says.operator : 'eq';
  const keepsValue = suits && valueKind(before) === valueKind(after) && after !== 'boolean';
  return keepsValue && says.value !== undefined ? { field, operator, value: says.value } : { field, operator };
}

export function withOperator(says: Says, operator: string, operators: readonly KnownOperator[]): Says {
  const shape = operators.find(({ code }) => code === operator)?.value_shape;
  const value = converted(says.value, shape);
  return value === undefined ? { field: says.field, operator } : { field: says.field, operator, value };
}

function converted(value: unknown, shape: ValueShape | undefined): unknown {
  if (shape === 'none') return undefined;
  if (shape === 'array') return Array.isArray(value) || value === undefined ? value : [value];
  if (shape === 'pair') return Array.isArray(value) ? value.slice(0, 2) : value === undefined ? undefined : [value];
  return Array.isArray(value) ? (value as unknown[])[0] : value;
}
