/** The zod schemas by which the code reads and writes, as JSON Schema: for OpenAPI and for AsyncAPI. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { JsonSchema } from '#libs/domain/validation/rule-json-schema.ts';

/** `package.json` lies three folders above this one, in the sources and in what is compiled from them. */
const packageFile = new URL('../../../package.json', import.meta.url);

/** The version that both documents state. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}

export interface Conversion {
  /** What is read, or what is written. */
  io: 'input' | 'output';
  /** The dialect of the document. */
  target: 'draft-2020-12' | 'draft-7';
  /** Changes what became of a schema, in place. */
  adjust: (schema: z.core.$ZodTypes, jsonSchema: JsonSchema) => void;
}

/** @returns the schema, and as components what has an `id`, each under that name */
export function toJsonSchema(
  schema: z.ZodType,
  { io, target, adjust }: Conversion,
): { schema: JsonSchema; components: Record<string, JsonSchema> } {
  const {
    $schema: _,
    $defs = {},
    definitions = {},
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    target,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      // Zod leaves them out where a part of the schema transforms what it reads.
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (examples !== undefined) jsonSchema.examples = examples as [];
      adjust(zodSchema, jsonSchema);
    },
  });
  return { schema: rest, components: { ...$defs, ...(definitions as Record<string, JsonSchema>) } };
}
