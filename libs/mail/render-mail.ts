/** The parts of a mail, from a template or from what a rule says. */
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { MessageTemplate } from '#libs/domain/directory/outbound.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { escapeHtml, renderMessageText } from '#libs/domain/templates/message-template.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import { textOfHtml } from './text-of-html.ts';

export interface MailContent {
  subject: string;
  text: string;
  html: string;
}

/** @param title in place of the template's subject; null: none. @throws PermanentError `wrong_reference` */
export function renderMail(
  template: Pick<MessageTemplate, 'subject' | 'html' | 'text'>,
  context: RuntimeContext,
  title: string | null = null,
): MailContent {
  const render = (text: string | undefined, form: 'plain' | 'html'): string | null =>
    text === undefined ? null : renderMessageText(text, context, form);
  const plain = render(template.text, 'plain');
  const html = render(template.html, 'html') ?? writtenMail(null, plain).html;
  return {
    subject: shorten(title ?? render(template.subject, 'plain') ?? '', ruleLimits.mailSubject),
    text: plain ?? textOfHtml(html),
    html,
  };
}

/** @param link behind the text; null: none */
export function writtenMail(title: string | null, body: string | null, link: string | null = null): MailContent {
  const text = body ?? title ?? '';
  const paragraphs = text.split(/\n{2,}/).map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>\n')}</p>`);
  const subject = title ?? '';
  if (link === null) return { subject, text, html: paragraphs.join('\n') };
  const address = escapeHtml(link);
  const html = [...paragraphs, `<p><a href="${address}">${address}</a></p>`].join('\n');
  return { subject, text: `${text}\n\n${link}\n`, html };
}
