/** Requests about incoming webhook applications. */
import { z } from 'zod';
import { maxUserIdLength } from '#libs/domain/access/user.ts';
import { line } from './line.ts';
import { page, text } from './list-query.schema.ts';

const maxNameLength = 200;
const maxDescriptionLength = 2_000;

const description = z
  .string()
  .max(maxDescriptionLength, `must not be longer than ${maxDescriptionLength} characters`)
  .refine((text) => !/[^\P{Cc}\n\t]|\p{Cs}/u.test(text), 'must not hold control characters');

const changeable = {
  /** What it is for. */
  name: line(maxNameLength),
  description,
  /** User of the directory in whose name operations are executed; null: `HOOKS_DEFAULT_USERNAME`. */
  impersonate_username: line(maxUserIdLength).nullable(),
};

export const addApplicationBody = z
  .strictObject({
    ...changeable,
    description: description.default(''),
    impersonate_username: changeable.impersonate_username.default(null),
    enabled: z.boolean().default(true),
  })
  .meta({
    examples: [{ name: 'crm', description: 'Requests of the CRM', impersonate_username: null }],
  });

/** What is left out stays as it is. */
export const updateApplicationBody = z.strictObject({
  name: changeable.name.optional(),
  description: description.optional(),
  impersonate_username: changeable.impersonate_username.optional(),
  /** As it was read; given, the change is refused when another came first. */
  version: z.int('must be a whole number').optional(),
});

export const applicationsQuery = z.strictObject({ ...page });

export const usersQuery = z.strictObject({ username: text.optional(), ...page });

export type UsersQuery = z.output<typeof usersQuery>;
export type AddApplicationBody = z.output<typeof addApplicationBody>;
export type UpdateApplicationBody = z.output<typeof updateApplicationBody>;
export type ApplicationsQuery = z.output<typeof applicationsQuery>;
