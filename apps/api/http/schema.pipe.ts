/** Reads query and body by the schema that a parameter names: `@Query({ schema })`, `@Body({ schema })`. */
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { readBy } from '#libs/contracts/schema-problems.ts';
import { ApiError } from './api.error.ts';

@Injectable()
export class SchemaPipe implements PipeTransform {
  /** @throws ApiError 400 `invalid_query` or 422 `invalid_body` listing every mistake */
  transform(value: unknown, { type, schema }: ArgumentMetadata): unknown {
    if (schema === undefined) return value;
    if (!(schema instanceof z.ZodType)) throw new TypeError('parameters are read by zod schemas');
    // Where every member may be left out, the body may be.
    const { data, problems } = readBy(schema, value ?? {});
    if (problems.length === 0) return data;
    throw type === 'query'
      ? new ApiError(400, 'invalid_query', 'The query is wrong; see details.', problems)
      : new ApiError(422, 'invalid_body', 'The body is wrong; see details.', problems);
  }
}
