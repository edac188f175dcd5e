/** Describes a handler for the OpenAPI document, its answer included; the compiler holds the handler to it. */
import { applyDecorators, HttpCode } from '@nestjs/common';
import {
  ApiBody,
  ApiExtension,
  ApiHeader,
  ApiIncludeEndpoint,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  type ApiBodyOptions,
} from '@nestjs/swagger';
import { z } from 'zod';
import type { ErrorCode } from '../http/error-catalog.ts';

export interface OperationOptions<Data extends z.ZodType> {
  /** `operationId`. */
  id: string;
  summary: string;
  /** The `data` of a successful answer. */
  data: Data;
  /** Status of a successful answer; left out: 200. */
  status?: number;
  /** Beside those that every operation has. */
  errors?: readonly ErrorCode[];
  headers?: readonly (keyof typeof requestHeaders)[];
}

type Handler<Data> = (...args: never[]) => Data | Promise<Data>;
type HandlerDecorator<Data> = <Method extends Handler<Data>>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** Where the document's builder finds `errors`; taken out of what is published. */
export const errorCodes = 'x-error-codes';

/** Where it finds that an operation is for callers without a session. */
export const isForStrangers = 'x-for-strangers';

const requestHeaders = {
  'If-Match': {
    description: 'ETag of the rule as it was read, such as "3"; `version` in the body says the same',
    pattern: '^(?:\\*|"[0-9]{1,15}")$',
  },
  'Idempotency-Key': {
    description: '1 to 255 visible characters: the same request sent again makes nothing and answers the same',
    pattern: '^[\\x21-\\x7e]{1,255}$',
  },
};

/** The envelope of every successful answer. */
export function envelope<Data extends z.ZodType>(data: Data): z.ZodObject<{ success: z.ZodLiteral<true>; data: Data }> {
  return z.object({ success: z.literal(true), data });
}

export function Operation<Data extends z.ZodType>(options: OperationOptions<Data>): HandlerDecorator<z.output<Data>> {
  const { id, summary, data, status = 200, errors = [], headers = [] } = options;
  return applyDecorators(
    HttpCode(status),
    ApiIncludeEndpoint(),
    ApiOperation({ operationId: id, summary }),
    ApiResponse({ status, description: 'Done', standardSchema: envelope(data) }),
    ApiExtension(errorCodes, errors),
    ...headers.map(describeHeader),
  );
}

export interface PublicOperationOptions {
  id: string;
  summary: string;
  /** The `data` of a successful answer. */
  data: z.ZodType;
  /** All there are. */
  errors: readonly ErrorCode[];
  /** Names of the security schemes, any of which is enough. */
  security: readonly string[];
  headers?: readonly (keyof typeof requestHeaders)[];
  body?: Extract<ApiBodyOptions, { schema: unknown }>;
}

/** Describes a handler that answers by itself, for callers who have no session of a manager. */
export function PublicOperation(options: PublicOperationOptions): MethodDecorator {
  const { id, summary, data, errors, security, headers = [], body } = options;
  return applyDecorators(
    HttpCode(200),
    ApiIncludeEndpoint(),
    ApiOperation({ operationId: id, summary }),
    ApiResponse({ status: 200, description: 'Done', standardSchema: envelope(data) }),
    ApiExtension(errorCodes, errors),
    ApiExtension(isForStrangers, true),
    ...security.map((scheme) => ApiSecurity(scheme)),
    ...headers.map(describeHeader),
    ...(body === undefined ? [] : [ApiBody(body)]),
  );
}

function describeHeader(name: keyof typeof requestHeaders): MethodDecorator {
  const { description, pattern } = requestHeaders[name];
  return ApiHeader({ name, description, required: false, schema: { type: 'string', pattern } });
}
