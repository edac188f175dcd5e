/** `send_email`: one mail with an HTML and a text part, through the mail server of the configuration. */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { maskAddress } from '#libs/domain/masking/masking.ts';
import type { OutboundDirectory } from '#libs/domain/directory/outbound.ts';
import type { Mailer } from '#libs/mail/mailer.ts';
import { renderMail, writtenMail, type MailContent } from '#libs/mail/render-mail.ts';
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
    const content =
      template === null
        ? writtenMail(input.title, input.body, input.link ?? null)
        : await fromTemplate(template, input, { directory, runContext });
    return async () => {
      await mailer.send({ key, to, ...content });
      const params = { to: maskAddress(to), template: template?.code ?? null };
      return {
        detail: `mail to ${params.to}${template === null ? '' : ` (template ${template.code})`}`,
        report: { code: 'mail_sent', params },
      };
    };
  };
}

async function fromTemplate(
  { code, brand, language, context: carried }: TemplateUse,
  { title }: SendEmailInput,
  { directory, runContext }: Pick<SendEmailPorts, 'directory' | 'runContext'>,
): Promise<MailContent> {
  const template = await directory.template({ channel: 'email', code, brand, language });
  return renderMail(template, carried ?? (await runContext()), title);
}
