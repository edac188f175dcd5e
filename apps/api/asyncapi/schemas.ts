/** The contracts of messages as schemas of AsyncAPI, which are JSON Schema draft-07 under names. */
import { z } from 'zod';
import { conditionsOf } from '#libs/contracts/conditional.schema.ts';
import type { JsonSchema } from '#libs/domain/validation/rule-json-schema.ts';
import { toJsonSchema } from '../openapi/json-schema.ts';

/** What JSON Schema calls the parts of a condition. */
const words = { where: 'if', holds: 'then' } as const;
const formats = new Set(['date-time', 'uuid']);
const folder = '#/components/schemas/';

/** @param contracts schemas with an `id` @returns they and all that they refer to, by their ids */
export function describeContracts(contracts: readonly z.ZodType[]): Record<string, JsonSchema> {
  const components: Record<string, JsonSchema> = {};
  const convert = (schema: z.ZodType): JsonSchema => {
    const converted = toJsonSchema(schema, { io: 'input', target: 'draft-7', adjust });
    Object.assign(components, converted.components);
    return converted.schema;
  };
  const adjust = (schema: z.core.$ZodTypes, jsonSchema: JsonSchema): void => {
    simplify(schema, jsonSchema);
    const conditions = conditionsOf(schema);
    if (conditions.length === 0) return;
    jsonSchema['allOf'] = conditions.map(({ where, holds }) => ({
      [words.where]: convert(where),
      [words.holds]: convert(holds),
    }));
  };
  convert(z.tuple(contracts as [z.ZodType]));
  const sorted = Object.entries(components).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.parse(JSON.stringify(Object.fromEntries(sorted)).replaceAll('"#/definitions/', `"${folder}`)) as Record<
    string,
    JsonSchema
  >;
}

export function refTo(contract: z.ZodType): { $ref: string } {
  const { id } = z.globalRegistry.get(contract) ?? {};
  if (id === undefined) throw new TypeError('a contract needs an id, under which the document names it');
  return { $ref: `${folder}${id}` };
}

function simplify(schema: z.core.$ZodTypes, jsonSchema: JsonSchema): void {
  // Members may be added to any message: readers ignore members they do not know.
  if (schema instanceof z.ZodObject) delete jsonSchema['additionalProperties'];
  if (jsonSchema['format'] === undefined) return;
  // `format` says the same, and people can read it; some of zod's formats are zod's alone.
  delete jsonSchema[formats.has(String(jsonSchema['format'])) ? 'pattern' : 'format'];
}
