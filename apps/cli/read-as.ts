import type { z } from 'zod';
import { readBy } from '#libs/contracts/schema-problems.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';

/** @returns what a request over HTTP would be read as. @throws InvalidInputError */
export function readAs<Schema extends z.ZodType>(schema: Schema, given: object): z.output<Schema> {
  const { data, problems } = readBy(schema, given);
  if (data === null) throw new InvalidInputError('what was given is wrong', problems);
  return data;
}

/** Options that were not given are members that are not there. */
export function withoutAbsent(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
