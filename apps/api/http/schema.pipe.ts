/** Reads query and body by the schema that a parameter names: `@Query({ schema })`, `@Body({ schema })`. */
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { inexactNumber, findInexactNumber } from '#libs/contracts/exact-numbers.ts';
import { readBy } from '#libs/contracts/schema-problems.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { ApiError } from './api.error.ts';

@Injectable()
export class SchemaPipe implements PipeTransform {
  /** @throws ApiError 400 `invalid_query` listing every issue, or what `readBody` throws */
  transform(value: unknown, { type, schema }: ArgumentMetadata): unknown {
    if (schema === undefined) return value;
    if (!(schema instanceof z.ZodType)) throw new TypeError('parameters are read by zod schemas');
    if (type !== 'query') return readBody(schema, value);
    const { data, problems } = readBy(schema, value);
    if (problems.length === 0) return data;
    throw new ApiError(400, 'invalid_query', 'The query is wrong; see details.', problems);
  }
}

/**
 * @param body undefined: there was none, which is as good as an empty one
 * @throws ApiError 422 `invalid_body` listing every issue
 */
export function readBody(schema: z.ZodType, body: unknown): unknown {
  const inexact = findInexactNumber(body);
  const { data, problems } =
    inexact === null ? readBy(schema, body ?? {}) : { data: null, problems: [inexactProblem(inexact)] };
  if (problems.length === 0) return data;
  throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', problems);
}

function inexactProblem(path: string): Problem {
  return { path, code: 'inexact_number', message: inexactNumber };
}
