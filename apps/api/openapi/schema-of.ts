import type { JsonSchema } from '#libs/domain/rule-json-schema.ts';

/** The shape of an example, loosely: its members and their types. A null says only that there may be none. */
export function schemaOf(example: unknown): JsonSchema {
  if (example === null) return {};
  if (Array.isArray(example)) return { type: 'array', ...(example.length > 0 && { items: schemaOf(example[0]) }) };
  if (typeof example === 'object') {
    const members = Object.entries(example).map(([name, member]) => [name, schemaOf(member)]);
    return { type: 'object', properties: Object.fromEntries(members) as Record<string, unknown> };
  }
  return { type: typeof example };
}
