/** What is wrong with something that a schema refuses, in the form every caller of ours knows. */
import type { z } from 'zod';
import type { Problem } from '#libs/domain/errors/errors.ts';
import type { ProblemParams } from '#libs/domain/errors/problem-codes.ts';

export type Read<Schema extends z.ZodType> =
  { data: z.output<Schema>; problems: [] } | { data: null; problems: Problem[] };

/** @returns what the schema makes of the input, or every issue with its place, e.g. `accounts[3].login` */
export function readBy<Schema extends z.ZodType>(schema: Schema, input: unknown): Read<Schema> {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return { data: parsed.data, problems: [] };
  return { data: null, problems: parsed.error.issues.flatMap(toProblems) };
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: toPath([...issue.path, key]),
      code: 'unknown_key',
      message: 'is not known here',
    }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  const message = isMissing ? 'is missing' : issue.message;
  const code = isMissing ? 'required' : issue.code;
  const params = isMissing ? null : toParams(issue);
  return [{ path: toPath(issue.path), code, message, ...(params !== null && { params }) }];
}

/** What zod says of a bound beside its message, where a text can be made of it. */
function toParams(issue: z.core.$ZodIssue): ProblemParams | null {
  if (issue.code === 'invalid_value') return { expected: 'one_of', values: issue.values.map(String) };
  if (issue.code === 'invalid_type') return toExpected(issue.expected);
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return null;
  const bound = Number(issue.code === 'too_big' ? issue.maximum : issue.minimum);
  const side = issue.code === 'too_big' ? { max: bound } : { min: bound };
  if (issue.origin === 'string') return { expected: issue.code === 'too_big' ? 'max_length' : 'min_length', ...side };
  if (issue.origin === 'array' && issue.code === 'too_big') return { expected: 'max_items', ...side };
  if (issue.origin !== 'number' && issue.origin !== 'int') return null;
  return issue.inclusive === false ? null : { expected: issue.code === 'too_big' ? 'at_most' : 'at_least', ...side };
}

function toExpected(type: string): ProblemParams | null {
  if (type === 'string') return { expected: 'text' };
  if (type === 'int') return { expected: 'whole_number' };
  if (type === 'array') return { expected: 'list' };
  return type === 'number' || type === 'boolean' || type === 'object' ? { expected: type } : null;
}

function toPath(steps: readonly PropertyKey[]): string {
  const path = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return path.replace(/^\./, '');
}
