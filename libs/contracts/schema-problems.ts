/** What is wrong with something that a schema refuses, in the form every caller of ours knows. */
import type { z } from 'zod';
import type { Problem } from '#libs/domain/errors/errors.ts';

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
  return [{ path: toPath(issue.path), code: isMissing ? 'required' : issue.code, message }];
}

function toPath(steps: readonly PropertyKey[]): string {
  const path = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return path.replace(/^\./, '');
}
