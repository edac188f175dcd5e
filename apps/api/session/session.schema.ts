/** A session as the API answers with it to its holder. */
import { z } from 'zod';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { time } from '../openapi/shared.schema.ts';

/** What a session may do beyond reading. */
export const permissions = ['answer_approvals', 'administer', 'administer_all_brands'] as const;

const sessionSchema = z
  .object({
    user_id: z.string(),
    names: z
      .array(z.string())
      .meta({ description: 'Every name of this person in approvals, the canonical one first; see the directory' }),
    kind: z.enum(['person', 'api_key']),
    role: z.enum(managerRoles),
    brands: z.array(z.string()).nullable().meta({ description: 'The only brands it is for; null = all of them' }),
    permissions: z.array(z.enum(permissions)).meta({ description: 'What it may do beyond reading' }),
    ends_at: time.nullable().meta({ description: 'When it has to be renewed; null = not until it is revoked' }),
  })
  .meta({ id: 'Session' });

export const sessionAnswer = z.object({ session: sessionSchema });

export type SessionView = z.output<typeof sessionSchema>;
