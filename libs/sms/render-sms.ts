/** The text of an SMS, from a template. */
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { MessageTemplate } from '#libs/domain/directory/outbound.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { renderMessageText } from '#libs/domain/templates/message-template.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

/** @throws PermanentError `wrong_reference` */
export function renderSms({ text = '' }: Pick<MessageTemplate, 'text'>, context: RuntimeContext): string {
  return renderMessageText(text, context, 'plain').trim();
}

/** Providers refuse more, and the beginning is what matters. */
export function shortenSms(text: string): string {
  return shorten(text, ruleLimits.smsText);
}
