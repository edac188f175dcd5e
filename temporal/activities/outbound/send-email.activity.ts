/** `send_email`: one mail with an HTML and a text part, through the mail server of the configuration. */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { maskAddress } from '#libs/domain/masking/masking.ts';
import { escapeHtml, renderMessageText } from '#libs/domain/templates/message-template.ts';
import type { OutboundDirectory } from '#libs/domain/directory/outbound.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import type { Mailer } from '#libs/mail/mailer.ts';
import { textOfHtml } from '#libs/mail/text-of-html.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { SendEmailInput, TemplateUse } from '#temporal/contract/activities.ts';
import type { Prepare } from './message-step.ts';

export interface SendEmailPorts {
  directory: Pick<OutboundDirectory, 'template'>;
  /** Null: no mail server is configured. */
  mailer: Mailer | null;
  /** What the run under way was decided on. */
  runContext: () => Promise<RuntimeContext>;
}

interface Content {
  subject: string;
  text: string;
  html: string;
}

/**
 * A mail that is handed over twice has the same `Message-ID`, by which most mailboxes show it once.
 * @throws PermanentError `mail_not_configured`, `template_not_found`, and what `Mailer.send` throws
 */
export function prepareEmail({ directory, mailer, runContext }: SendEmailPorts): Prepare<SendEmailInput> {
  return async (input) => {
    const { key, to, template } = input;
    if (mailer === null) {
      const advice = 'set SMTP_URL (or SMTP_HOST and what belongs to it) and MAIL_FROM';
      throw new PermanentError('mail_not_configured', `No mail server is configured: ${advice}`);
    }
    const content = template === null ? written(input) : await fromTemplate(template, input, { directory, runContext });
    return async () => {
      await mailer.send({ key, to, ...content });
      return { detail: `mail to ${maskAddress(to)}${template === null ? '' : ` (template ${template.code})`}` };
    };
  };
}

function written({ title, body }: SendEmailInput): Content {
  const text = body ?? title ?? '';
  const paragraphs = text.split(/\n{2,}/).map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>\n')}</p>`);
  return { subject: title ?? '', text, html: paragraphs.join('\n') };
}

async function fromTemplate(
  { code, brand, language, context: carried }: TemplateUse,
  { title }: SendEmailInput,
  { directory, runContext }: Pick<SendEmailPorts, 'directory' | 'runContext'>,
): Promise<Content> {
  const template = await directory.template({ channel: 'email', code, brand, language });
  const context = carried ?? (await runContext());
  const render = (text: string | undefined, form: 'plain' | 'html'): string | null =>
    text === undefined ? null : renderMessageText(text, context, form);
  const plain = render(template.text, 'plain');
  const html = render(template.html, 'html') ?? written({ body: plain } as SendEmailInput).html;
  return {
    subject: shorten(title ?? render(template.subject, 'plain') ?? '', ruleLimits.mailSubject),
    text: plain ?? textOfHtml(html),
    html,
  };
}
