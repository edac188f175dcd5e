/**
 * The API as OpenAPI 3.1. `@nestjs/swagger` reads the controllers: their routes, and the very zod schemas that read
 * queries and bodies and hold answers. Added here are the errors, the roles, and a rule as `rule-json-schema.ts` says it.
 * @see https://spec.openapis.org/oas/v3.1.0
 */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { ruleInput } from '#libs/contracts/rule-input.ts';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import { ruleSchema, type JsonSchema } from '#libs/domain/validation/rule-json-schema.ts';
import { errorCatalog, type ErrorCode, type ErrorEntry } from '../http/error-catalog.ts';
import { rolesExtension } from '../auth/roles.decorator.ts';
import { packageVersion, toJsonSchema } from './json-schema.ts';
import { errorCodes, isForStrangers } from './operation.decorator.ts';

const base = '#/components/schemas';

/** Of every application that has the controllers, whether it runs or not. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const { rule, parts } = ruleSchema(base);
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('signalbox')
    .setVersion(packageVersion())
    .setDescription(
      'Rules, what they would do and have done, and their runs. Successful answers are `{ "success": true, "data" }`, ' +
        'others `{ "success": false, "error": { "code", "message", "details" } }`. Lists come in pages: the ' +
        '`next_cursor` of one is the `cursor` of the next. What belongs to a brand the session is not for is answered ' +
        'as if it were not there. Topics of Kafka are described at [/docs/events](/docs/events).',
    )
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: `An API key, or a token: HS256 under SESSION_SECRET, or signed with a key of SESSION_JWKS_URL; with sub, exp and role (${managerRoles.join(', ')}), and brands if not all`,
      },
      'session',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'x-api-key',
        description: 'API key of a workflow webhook; Authorization takes it as well, bare or as a bearer token',
      },
      'webhookKey',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'x-session-token',
        description: 'What the handshake of the same workflow webhook gave, for five minutes',
      },
      'webhookToken',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: convert,
    // Health and metrics are for those who run it.
    onlyIncludeDecoratedEndpoints: true,
  });
  Object.assign(document.components!.schemas!, spellOutDefaults({ ...parts, RuleDefinition: rule }), {
    Error: errorSchema,
  });
  for (const methods of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) complete(method, operation as Operation);
  }
  return document;
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
        details: { type: 'array', items: { $ref: `${base}/Problem` } },
      },
    },
  },
};

/** Schemas with an `id` become components under that name. */
function convert(zodSchema: unknown, { schemaType: io }: { schemaType: 'input' | 'output' }) {
  if (!(zodSchema instanceof z.ZodType)) return undefined;
  const { schema, components } = toJsonSchema(zodSchema, { io, target: 'draft-2020-12', adjust });
  return { schema: io === 'input' ? spellOutDefaults(schema) : schema, components };
}

function adjust(zodSchema: z.core.$ZodTypes, jsonSchema: JsonSchema): void {
  // These are what JavaScript can count, and say nothing of the number.
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  // An answer may say more one day: a client generated today has to bear it.
  if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined) {
    delete jsonSchema['additionalProperties'];
  }
  if (zodSchema === (ruleInput as z.core.$ZodType)) Object.assign(jsonSchema, { $ref: `${base}/RuleDefinition` });
}

/**
 * Generators take a member with a `default` for one that is always there, which is true of answers and wrong of what is
 * sent: the default is said in words.
 */
function spellOutDefaults<T>(schema: T): T {
  const text = JSON.stringify(schema, (_, value: unknown) => {
    // Among the members of an object, one may be called so.
    if (!isJsonObject(value) || !('default' in value) || isJsonObject(value['default'])) return value;
    const { default: fallback, description, ...rest } = value;
    const before = typeof description === 'string' ? `${description}. ` : '';
    return { ...rest, description: `${before}Left out: ${JSON.stringify(fallback)}` };
  });
  return JSON.parse(text) as T;
}

interface Operation {
  parameters?: { name: string; in: string }[];
  description?: string;
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, object>;
  [errorCodes]?: ErrorCode[];
  [rolesExtension]?: readonly string[];
  [isForStrangers]?: boolean;
}

function complete(method: string, operation: Operation): void {
  const { parameters = [], [errorCodes]: own = [], [rolesExtension]: roles = managerRoles } = operation;
  delete operation[errorCodes];
  if (operation[isForStrangers] === true) {
    delete operation[isForStrangers];
    Object.assign(operation.responses, describeErrors(own));
    return;
  }
  delete operation[rolesExtension];
  operation.description = `For ${roles.join(', ')}.`;
  const body = operation.requestBody?.content['application/json'];
  // Nothing is as good as an empty object.
  const mayBeEmpty = ['required', 'oneOf', 'minProperties'].every((keyword) => body?.schema[keyword] === undefined);
  if (body !== undefined && mayBeEmpty) operation.requestBody!.required = false;
  const hasQuery = parameters.some((parameter) => parameter.in === 'query');
  Object.assign(operation.responses, listErrors(method !== 'get', hasQuery, own));
}

function listErrors(hasBody: boolean, hasQuery: boolean, own: readonly ErrorCode[]): Record<string, JsonSchema> {
  const common: ErrorCode[] = [
    'no_session',
    'access_denied',
    'too_many_requests',
    'internal_error',
    'store_unavailable',
    'session_keys_unavailable',
  ];
  // A body is read wherever something may be changed, also where there is none to send.
  const ofBody: ErrorCode[] = ['malformed_request', 'invalid_body', 'too_large', 'unsupported_media_type'];
  const ofQuery: ErrorCode[] = ['invalid_query', 'invalid_input'];
  return describeErrors([...common, ...(hasBody ? ofBody : []), ...(hasQuery ? ofQuery : []), ...own]);
}

function describeErrors(listed: readonly ErrorCode[]): Record<string, JsonSchema> {
  const codes = [...new Set(listed)];
  const statuses = new Set(codes.map((code) => errorCatalog[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      errorResponse(codes.filter((code) => errorCatalog[code].status === status)),
    ]),
  );
}

function errorResponse(codes: readonly ErrorCode[]): JsonSchema {
  const entries: Record<string, ErrorEntry> = errorCatalog;
  const examples = codes.map((code) => {
    const message = entries[code]?.meaning ?? '';
    return [code, { summary: message, value: { success: false, error: { code, message } } }];
  });
  return {
    description: codes.map((code) => `\`${code}\`: ${entries[code]?.meaning}`).join(' '),
    content: {
      'application/json': {
        schema: { $ref: `${base}/Error` },
        examples: Object.fromEntries(examples) as Record<string, unknown>,
      },
    },
  };
}
