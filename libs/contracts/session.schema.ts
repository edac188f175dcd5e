/** Claims of a session token: a JWT, signed under SESSION_SECRET or with a key of SESSION_JWKS_URL. */
import { z } from 'zod';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { userIdIssue } from '#libs/domain/access/user.ts';
import { line } from './line.ts';

/** The five sessions that may read; only SESSION_ADMIN may write rules. */
export const managerRoles = [
  'SESSION_MANAGER',
  'SESSION_ADMIN',
  'SESSION_DEALER',
  'SESSION_CRM_MANAGER',
  'SESSION_CRM_ADMIN',
] as const;

export type ManagerRole = (typeof managerRoles)[number];

export const sessionClaims = z.object({
  /** The user's id. */
  sub: z.string().superRefine((sub, context) => {
    const message = userIdIssue(sub);
    if (message !== null) context.addIssue({ code: 'custom', message });
  }),
  /** Any text: that it is one of the five is a question of access, not of form. */
  role: z.string().min(1),
  /** The only brands the session may see; absent = all of them. */
  brands: z.array(line(ruleLimits.brand)).optional(),
  /** Seconds since 1970. */
  exp: z.number(),
});
