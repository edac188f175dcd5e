/** Holds answers of the API against its published description, `docs/openapi.json`. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';

export interface Described {
  operationId: string;
  parameters: { name: string; in: 'path' | 'query' | 'header' }[];
  requestBody?: { required: boolean; content: { 'application/json': { schema: { example: unknown } } } };
  responses: Record<
    string,
    { content: { 'application/json'?: { schema: object; examples?: Record<string, unknown> } } }
  >;
}

export interface ApiDescription {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, object> };
}

export const description = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as ApiDescription;

/** Every operation that is described. */
export const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), described })),
);

const matchers = operations.map((operation) => ({
  ...operation,
  // A path without parameters comes first: `rules/validate` is not the rule "validate".
  pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));
const ajv = new Ajv2020({
  strict: false,
  formats: {
    uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  },
});
const components = closed(description.components);
const shapes = new Map<object, ValidateFunction>();

/** A client has to bear members it does not know; the description of today has to name all of them. */
function closed<T>(schema: T): T {
  return JSON.parse(
    JSON.stringify(schema, (_, value: unknown) => {
      const isOpen = typeof value === 'object' && value !== null && 'properties' in value && 'type' in value;
      return isOpen && !('additionalProperties' in value) ? { ...value, additionalProperties: false } : value;
    }),
  ) as T;
}

/** @returns what of an answer is not as the schema says, or null */
export function shapeIssue(answer: object, schema: object): string | null {
  const isRight = shapes.get(schema) ?? ajv.compile({ ...closed(schema), components });
  shapes.set(schema, isRight);
  try {
    return isRight(answer) ? null : ajv.errorsText(isRight.errors);
  } catch (error) {
    // Conditions nest deeper than a recursive check can follow.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** @returns null for a request that belongs to no operation */
export function findOperation(method: string, address: string): Described | null {
  const path = address.split('?')[0]!;
  const found = matchers.filter((one) => one.method === method && one.pattern.test(path));
  return (found.find((one) => one.path === path) ?? found[0])?.described ?? null;
}

/** A request that the HTTP server or the router refuses belongs to no operation yet. */
const beforeAny: readonly number[] = [400, 404, 414, 431];

/** @throws Error when the answer is not one that the description of its operation allows */
export function expectDescribed(method: string, address: string, status: number, answer: object): void {
  const operation = findOperation(method, address);
  if (operation === null) return;
  const response = operation.responses[String(status)];
  if (response === undefined && beforeAny.includes(status)) return;
  const shape = response?.content['application/json'];
  const issue = shape === undefined ? 'the description has no such answer in JSON' : shapeIssue(answer, shape.schema);
  if (issue !== null) throw new Error(`${method} ${address} answers ${status}, which is not as described: ${issue}`);
}
