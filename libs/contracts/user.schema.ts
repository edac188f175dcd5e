/** Users and user groups of a directory file: in whose name incoming webhooks act, and what they may. */
import { z } from 'zod';
import { userIdIssue } from '#libs/domain/access/user.ts';
import { groupRights } from '#libs/domain/directory/directory-user.ts';
import { processLimits } from '#libs/domain/rules/process.ts';
import { line } from './line.ts';
import { managerRoles } from './session.schema.ts';

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** Small enough to be typed by a person; every database takes it. */
const maxUserNumber = 2_147_483_647;
const maxTextLength = 200;

const username = z.string().superRefine((name, context) => {
  const issue = userIdIssue(name);
  if (issue !== null) context.addIssue({ code: 'custom', message: issue });
});

export const userSchema = z.strictObject({
  id: z
    .int('must be a whole number')
    .min(1, 'must be 1 or greater')
    .max(maxUserNumber, `must be ${maxUserNumber} or less`),
  username,
  name: line(maxTextLength).optional(),
  email: line(maxTextLength).optional(),
  enabled: z.boolean().default(true),
  brands: z.array(line(maxTextLength)).optional(),
  role: oneOf(managerRoles).optional(),
  delegates: z.array(username).optional(),
});

export const userGroupSchema = z
  .strictObject({
    code: line(maxTextLength),
    name: line(maxTextLength),
    right: oneOf(groupRights),
    folders: z
      .array(line(processLimits.folder))
      .min(1, 'must name one at least: who manages none needs no group')
      .optional(),
    may_cancel: z.boolean().optional(),
    users: z.array(username).default([]),
  })
  .superRefine(({ right, folders, may_cancel }, context) => {
    const fail = (member: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [member], message });
    if (right === 'folder_manager' && folders === undefined) fail('folders', 'must name what a folder_manager manages');
    if (right !== 'folder_manager' && folders !== undefined) fail('folders', 'is only for the right folder_manager');
    if (right !== 'supervisor' && may_cancel !== undefined) fail('may_cancel', 'is only for the right supervisor');
  });
