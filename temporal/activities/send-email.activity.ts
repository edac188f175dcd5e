/** `send_email`: one mail with an HTML and a text part, through the mail server of the configuration. */
import { Context } from '@temporalio/activity';
import { PermanentError } from '#libs/domain/errors.ts';
import { maskAddress } from '#libs/domain/masking.ts';
import { escapeHtml, renderMessageText } from '#libs/domain/message-template.ts';
import type { OutboundDirectory } from '#libs/domain/outbound.ts';
import { ruleLimits } from '#libs/domain/rule-limits.ts';
import type { Mailer } from '#libs/mail/mailer.ts';
import { textOfHtml } from '#libs/mail/text-of-html.ts';
import type { MailActivities, SendEmailInput, TemplateUse } from '#temporal/contract/activities.ts';
import { shorten } from '#libs/domain/shorten.ts';

export interface SendEmailPorts {
  directory: Pick<OutboundDirectory, 'template'>;
  /** Null: no mail server is configured. */
  mailer: Mailer | null;
}

interface Content {
  subject: string;
  text: string;
  html: string;
}

/**
 * A crash between the server's answer and its recording sends a mail twice: with the same `Message-ID`, by which most
 * mailboxes show it once.
 * @throws PermanentError `mail_not_configured`, `template_not_found`, and what `Mailer.send` throws
 */
export function sendEmailActivity({ directory, mailer }: SendEmailPorts): MailActivities['sendEmail'] {
  return async (input) => {
    const { key, to, template } = input;
    if (mailer === null) {
      const advice = 'set SMTP_URL (or SMTP_HOST and what belongs to it) and MAIL_FROM';
      throw new PermanentError('mail_not_configured', `No mail server is configured: ${advice}`);
    }
    const content = template === null ? written(input) : await fromTemplate(template, input, directory);
    await mailer.send({ key, to, ...content, signal: Context.current().cancellationSignal });
    return { detail: `mail to ${maskAddress(to)}${template === null ? '' : ` (template ${template.code})`}` };
  };
}

function written({ title, body }: SendEmailInput): Content {
  const text = body ?? title ?? '';
  const paragraphs = text.split(/\n{2,}/).map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>\n')}</p>`);
  return { subject: title ?? '', text, html: paragraphs.join('\n') };
}

async function fromTemplate(
  { code, brand, language, context }: TemplateUse,
  { title }: SendEmailInput,
  directory: SendEmailPorts['directory'],
): Promise<Content> {
  const template = await directory.template({ channel: 'email', code, brand, language });
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
