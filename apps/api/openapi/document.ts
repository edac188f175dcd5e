/**
 * The API as OpenAPI 3.1, put together from what the controllers are: their routes, roles, and the very schemas that
 * read their queries and bodies. Whatever cannot be told from the code stands in `operations.ts` and `http/error-catalog.ts`.
 * @see https://spec.openapis.org/oas/v3.1.0
 */
import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { z } from 'zod';
import { validationBody } from '#libs/contracts/rule.schema.ts';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { ruleSchema, type JsonSchema } from '#libs/domain/validation/rule-json-schema.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { errorCatalog, type ErrorCode, type ErrorEntry } from '../http/error-catalog.ts';
import { operations, type Operation } from './operations.ts';
import { inferSchema } from './schema-of.ts';

/** How Nest keeps what the decorators of a handler say (`@nestjs/common/constants`). */
const kept = { path: 'path', method: 'method', status: '__httpCode__', parameters: '__routeArguments__' };
const kinds = { body: 3, query: 4 };

interface Handler {
  /** `METHOD /path`. */
  route: string;
  method: string;
  path: string;
  status: number;
  roles: readonly string[];
  query: z.ZodType | null;
  body: z.ZodType | null;
}

/** @throws Error for a handler that `operations` does not describe, and for a description without a handler */
export function openApiDocument(controllers: readonly Type[]): JsonSchema {
  const handlers = controllers.flatMap(readHandlers);
  const undescribed = handlers.filter(({ route }) => operations[route] === undefined);
  const gone = Object.keys(operations).filter((route) => handlers.every((handler) => handler.route !== route));
  const wrong = [...undescribed.map(({ route }) => route), ...gone];
  if (wrong.length > 0) throw new Error(`handlers and operations.ts differ: ${wrong.join(', ')}`);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const handler of handlers) {
    const path = handler.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[handler.method.toLowerCase()] = buildOperation(handler, operations[handler.route]!);
  }
  const { rule, parts } = ruleSchema('#/components/schemas');
  return {
    openapi: '3.1.0',
    info: {
      title: 'signalbox',
      version: '1',
      description:
        'Rules, what they would do and have done, and their runs. Successful answers are `{ "success": true, "data" }`, ' +
        'others `{ "success": false, "error": { "code", "message", "details" } }`. Lists come in pages: the ' +
        '`next_cursor` of one is the `cursor` of the next. What belongs to a brand the session is not for is answered ' +
        'as if it were not there.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `An API key, or a token: HS256 under SESSION_SECRET, or signed with a key of SESSION_JWKS_URL; with sub, exp and role (${managerRoles.join(', ')}), and brands if not all`,
        },
      },
      schemas: { Rule: rule, ...parts, Error: errorSchema },
    },
  };
}

const errorSchema: JsonSchema = {
  type: 'object',
  required: ['success', 'error'],
  properties: {
    success: { const: false },
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { enum: Object.keys(errorCatalog) },
        message: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            required: ['path', 'code', 'message'],
            properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
};

function readHandlers(controller: Type): Handler[] {
  const base = Reflect.getMetadata(kept.path, controller) as string;
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    if (name === 'constructor' || typeof handler !== 'function') return [];
    const own = Reflect.getMetadata(kept.path, handler) as string | undefined;
    if (own === undefined) return [];
    const method = RequestMethod[Reflect.getMetadata(kept.method, handler) as RequestMethod];
    const path = `/${base}${own === '/' ? '' : `/${own}`}`;
    const parameters = (Reflect.getMetadata(kept.parameters, controller, name) ?? {}) as Record<string, object>;
    const schemaOfKind = (kind: number): z.ZodType | null => {
      const [, found] = Object.entries(parameters).find(([key]) => key.startsWith(`${kind}:`)) ?? [];
      return found !== undefined && 'schema' in found && found.schema instanceof z.ZodType ? found.schema : null;
    };
    return {
      route: `${method} ${path}`,
      method,
      path,
      status: (Reflect.getMetadata(kept.status, handler) as number | undefined) ?? (method === 'POST' ? 201 : 200),
      roles: readRoles(handler) ?? readRoles(controller) ?? managerRoles,
      query: schemaOfKind(kinds.query),
      body: schemaOfKind(kinds.body),
    };
  });
}

function readRoles(target: object): readonly string[] | undefined {
  return Reflect.getMetadata(Roles.KEY, target) as readonly string[] | undefined;
}

function buildOperation(handler: Handler, operation: Operation): JsonSchema {
  const { name, tag, summary, body, data } = operation;
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: `For ${handler.roles.join(', ')}.`,
    parameters: buildParameters(handler, operation),
    ...(handler.body !== null && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: bodySchema(handler.body), example: body ?? {} } },
      },
    }),
    responses: { [handler.status]: success(data), ...listErrors(handler, operation) },
  };
}

function buildParameters({ path, query }: Handler, { headers = [] }: Operation): JsonSchema[] {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
  const members = query === null ? {} : ((inputSchema(query)['properties'] ?? {}) as Record<string, JsonSchema>);
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(members).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
    ...headers.map((name) => ({
      name,
      in: 'header',
      required: false,
      description: describeMeaning[name],
      schema: { type: 'string', pattern: toPattern[name] },
    })),
  ];
}

const describeMeaning = {
  'If-Match': 'ETag of the rule as it was read, such as "3"; `version` in the body says the same',
  'Idempotency-Key': '1 to 255 visible characters: the same request sent again makes nothing and answers the same',
};

const toPattern = {
  'If-Match': '^(?:\\*|"[0-9]{1,15}")$',
  'Idempotency-Key': '^[\\x21-\\x7e]{1,255}$',
};

function inputSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

/** A body's member `rule` is read by the validation of rules. */
function bodySchema(schema: z.ZodType): JsonSchema {
  const read = inputSchema(schema);
  const properties = read['properties'] as Record<string, JsonSchema> | undefined;
  // What is wrong with it is the answer there.
  if (schema === validationBody) return read;
  if (properties?.['rule'] !== undefined) properties['rule'] = { $ref: '#/components/schemas/Rule' };
  return read;
}

function success(data: Record<string, unknown>): JsonSchema {
  const example = { success: true, data };
  const schema = {
    type: 'object',
    required: ['success', 'data'],
    properties: { success: { const: true }, data: inferSchema(data) },
  };
  return { description: 'Done', content: { 'application/json': { schema, example } } };
}

function listErrors({ method, query }: Handler, { errors = [] }: Operation): Record<string, JsonSchema> {
  const common: ErrorCode[] = [
    'no_session',
    'access_denied',
    'too_many_requests',
    'internal_error',
    'store_unavailable',
    'session_keys_unavailable',
  ];
  // A body is read wherever something may be changed, also where there is none to send.
  const ofBody: ErrorCode[] =
    method === 'GET' ? [] : ['malformed_request', 'invalid_body', 'too_large', 'unsupported_media_type'];
  const ofQuery: ErrorCode[] = query === null ? [] : ['invalid_query', 'invalid_input'];
  const codes = [...new Set([...common, ...ofBody, ...ofQuery, ...errors])];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes)
    byStatus.set(errorCatalog[code].status, [...(byStatus.get(errorCatalog[code].status) ?? []), code]);
  const sorted = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(sorted.map(([status, of]) => [status, errorResponse(of)]));
}

function errorResponse(codes: ErrorCode[]): JsonSchema {
  const entries: Record<string, ErrorEntry> = errorCatalog;
  const examples = codes.map((code) => {
    const message = entries[code]?.meaning ?? '';
    return [code, { summary: message, value: { success: false, error: { code, message } } }];
  });
  return {
    description: codes.map((code) => `\`${code}\`: ${entries[code]?.meaning}`).join(' '),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(examples) as Record<string, unknown>,
      },
    },
  };
}
