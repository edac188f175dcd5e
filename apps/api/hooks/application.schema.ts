/** Incoming webhook applications as the API answers with them; tokens are shown once. */
import { z } from 'zod';
import { nextCursor, time } from '../openapi/shared.schema.ts';

const applicationSchema = z
  .object({
    application_id: z.string(),
    name: z.string(),
    description: z.string(),
    impersonate_username: z
      .string()
      .nullable()
      .meta({ description: 'In whose name operations are executed; null = HOOKS_DEFAULT_USERNAME' }),
    enabled: z.boolean().meta({ description: 'A disabled one is answered as if it were not there' }),
    version: z.int(),
    created_at: time,
    created_by: z.string(),
    updated_at: time,
    updated_by: z.string(),
    token_created_at: time,
  })
  .meta({ id: 'WebhookApplication' });

const userSchema = z
  .object({
    id: z.string().meta({ description: 'As operations take it: Base64 of User:n' }),
    number: z.int(),
    username: z.string(),
    name: z.string().nullable(),
    enabled: z.boolean(),
    brands: z.array(z.string()).nullable().meta({ description: 'The only brands the user works for; null = all' }),
    role: z.string().nullable(),
    delegates: z.array(z.string()).meta({ description: 'Who may act on behalf of the user, beside administrators' }),
    groups: z.array(z.object({ code: z.string(), right: z.string() })),
  })
  .meta({ id: 'WebhookUser' });

export const applicationAnswer = z.object({ application: applicationSchema });
export const applicationsAnswer = z.object({ applications: z.array(applicationSchema), next_cursor: nextCursor });
export const withTokenAnswer = z.object({
  application: applicationSchema,
  token: z.string().meta({ description: 'Secret, and never shown again' }),
  url: z.string().meta({ description: 'Where operations are posted; its last part is the token' }),
});
export const deletedApplicationAnswer = z.object({ application_id: z.string() });
export const usersAnswer = z.object({ users: z.array(userSchema), next_cursor: nextCursor });

export type UserView = z.output<typeof userSchema>;
