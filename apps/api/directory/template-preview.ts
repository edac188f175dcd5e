/** What a template makes of a context, as it would be sent. */
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { MessageTemplate } from '#libs/domain/directory/outbound.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import { renderMail } from '#libs/mail/render-mail.ts';
import { renderSms, shortenSms } from '#libs/sms/render-sms.ts';
import { countSmsParts } from '#libs/sms/sms-parts.ts';
import type { TemplatePreview } from './directory.schema.ts';

/** Characters of a mail that are shown: sections may repeat a text very often. */
const maxShown = 1_000_000;

/** @throws PermanentError `wrong_reference` */
export function previewTemplate(template: MessageTemplate, context: RuntimeContext): TemplatePreview {
  if (template.channel === 'sms') {
    const text = shortenSms(renderSms(template, context));
    return { mail: null, sms: { text, ...countSmsParts(text) } };
  }
  const { subject, html, text } = renderMail(template, context);
  return { mail: { subject, html: shorten(html, maxShown), text: shorten(text, maxShown) }, sms: null };
}

/** Data of no customer, for a template that is not tried on an event. */
export function sampleContext(brand: string | undefined): RuntimeContext {
  const name = brand ?? 'brand';
  return {
    brand: name,
    amount_usd: 12_500,
    event: {
      id: 'sample-1',
      type: 'customer.deposited',
      occurred_at: '2026-01-31T12:00:00.000Z',
      amount: 12_500,
      currency: 'USD',
    },
    customer: {
      id: 'C-1000',
      brand: name,
      first_name: 'Ada',
      last_name: 'Example',
      email: 'ada@example.com',
      phone: '+15550100',
      country: 'GB',
      language: 'en',
      sales_status: 'new',
    },
    account: { login: 500_100, group: 'real/usd', name: 'Ada Example', leverage: 100, enable: true },
  };
}
