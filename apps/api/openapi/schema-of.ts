import type { JsonSchema } from '#libs/domain/validation/rule-json-schema.ts';

/** Members that may be null, too, whatever an example shows. */
const nullable: ReadonlySet<string> = new Set(
  `brand brands login customer_id event_id rule_id rule_version token tenant
  started_at finished_at expires_at closed_at archived_at revoked_at duration_ms
  order stopped_by run reason error detail temporal_url code comment
  message result progress backtest difference from to actions changes`.split(/\s+/),
);
/** Members of any kind: values that events and rules give, and conditions in each of their forms. */
const open: ReadonlySet<string> = new Set(['wanted', 'seen', 'before', 'after', 'what', 'value', 'params', 'default']);

/** The shape of an example, loosely: its members and their types. A null says only that there may be none. */
export function inferSchema(example: unknown): JsonSchema {
  if (example === null) return {};
  if (Array.isArray(example)) return { type: 'array', ...(example.length > 0 && { items: inferSchema(example[0]) }) };
  if (typeof example === 'object') {
    const members = Object.entries(example).map(([name, member]) => [name, memberSchema(name, member)]);
    return { type: 'object', properties: Object.fromEntries(members) as Record<string, unknown> };
  }
  return { type: typeof example };
}

function memberSchema(name: string, example: unknown): JsonSchema {
  if (open.has(name)) return {};
  const schema = inferSchema(example);
  return nullable.has(name) && schema['type'] !== undefined ? { ...schema, type: [schema['type'], 'null'] } : schema;
}
