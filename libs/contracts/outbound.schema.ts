/** Templates and endpoints of a directory file. What a run would stumble over is found when the file is read. */
import { z } from 'zod';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { checkMessageText } from '#libs/domain/templates/message-template.ts';
import { channels } from '#libs/domain/directory/outbound.ts';
import { readExpressions } from '#libs/domain/templates/template.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { checkHeaders, checkHttpUrl } from '#libs/domain/actions/check-http-request.ts';

const name = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,200}$/, 'must be 1 to 200 letters, digits, dots, dashes or underscores');
const brand = z.string().min(1, 'must not be empty').max(200, 'must not be longer than 200 characters').optional();

/** @param check what is wrong with a text, or nothing; may also throw it */
const checked = (limit: number, check: (text: string) => string | null | void) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(limit, `must not be longer than ${limit} characters`)
    .superRefine((text, context) => {
      const issue = findIssue(check, text);
      if (issue !== null) context.addIssue({ code: 'custom', message: issue });
    });

function findIssue(check: (text: string) => string | null | void, text: string): string | null {
  try {
    return check(text) ?? null;
  } catch (error) {
    return messageOf(error);
  }
}

export const templateSchema = z
  .strictObject({
    code: name,
    channel: z.enum(channels, { error: `must be one of ${channels.join(', ')}` }),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/, 'must be a language such as pt or pt-BR')
      .optional(),
    subject: checked(ruleLimits.mailSubject, checkMessageText).optional(),
    html: checked(ruleLimits.mailHtml, checkMessageText).optional(),
    text: checked(ruleLimits.mailBody, checkMessageText).optional(),
    brand,
  })
  .superRefine(({ channel, subject, html, text }, context) => {
    const fail = (member: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [member], message });
    if (channel === 'sms') {
      if (text === undefined) fail('text', 'is missing: an SMS is its text');
      if (subject !== undefined) fail('subject', 'does not belong to an SMS');
      if (html !== undefined) fail('html', 'does not belong to an SMS');
      return;
    }
    if (subject === undefined) fail('subject', 'is missing: a mail needs one');
    if (html === undefined && text === undefined) fail('html', 'is missing: a mail needs html, text or both');
  });

const key = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

const url = checked(ruleLimits.url, checkHttpUrl);
const body = checked(ruleLimits.webhookBody, (text) => void readExpressions(text)).optional();
// Standard Webhooks: 24 to 64 random bytes.
const secret = z.string().refine((secret) => {
  const bytes = Buffer.from(key.exec(secret)?.[1] ?? '', 'base64').length;
  return bytes >= 24 && bytes <= 64;
}, 'must be whsec_ and 24 to 64 bytes in base64');

const headersOf = <Value extends z.ZodType<string | null>>(value: Value) =>
  z.record(z.string(), value).superRefine((headers, context) => {
    // A value that is kept was checked when it was given.
    const given = Object.entries(headers).map(([name, text]) => [name, text ?? 'x'] as const);
    const issue = checkHeaders(Object.fromEntries(given));
    if (issue !== null) context.addIssue({ code: 'custom', message: issue });
  });

export const endpointSchema = z.strictObject({
  name,
  url,
  headers: headersOf(z.string()).optional(),
  body,
  secret: secret.optional(),
  brand,
});

/** An endpoint by a writer who cannot read its secrets. */
export const endpointDraftSchema = z.strictObject({
  name,
  url: url.optional().meta({ description: 'Left out: as it is' }),
  headers: headersOf(z.string().nullable())
    .optional()
    .meta({ description: 'All there are to be; null keeps the value of a header. Left out: as they are' }),
  body,
  secret: secret.nullable().optional().meta({ description: 'Null: none. Left out: as it is' }),
  brand,
});

export type EndpointDraft = z.output<typeof endpointDraftSchema>;
