/**
 * Directory records for what actions send out: texts of mails and SMS, and endpoints of webhooks. Endpoints hold
 * secrets, so rules name them and only the activity that calls one gets to see it.
 */

export const channels = ['email', 'sms'] as const;
export type Channel = (typeof channels)[number];

/** Texts are Mustache: variables and sections of the runtime context. A mail has `html`, `text` or both; an SMS `text`. */
export interface MessageTemplate {
  code: string;
  channel: Channel;
  /** BCP 47, e.g. `pt` or `pt-BR`; absent = for customers of any language. */
  language?: string;
  subject?: string;
  html?: string;
  text?: string;
  /** Absent = for every brand. */
  brand?: string;
}

export interface Endpoint {
  name: string;
  url: string;
  headers?: Record<string, string>;
  /** Sent when the action gives no body; may hold references. */
  body?: string;
  /** `whsec_…`: calls are signed with it as the Standard Webhooks specification says. */
  secret?: string;
  /** Absent = for every brand. */
  brand?: string;
}

export interface WantedTemplate {
  channel: Channel;
  code: string;
  brand: string | null;
  /** The customer's. */
  language: string | null;
}

/** What actions read. A record of the run's brand comes before one of no brand. */
export interface OutboundDirectory {
  /**
   * The template of the brand in the customer's language, else of the brand in none, else the same of no brand.
   * Throws `PermanentError` `template_not_found`, which lists what there is.
   */
  template(wanted: WantedTemplate): Promise<MessageTemplate>;
  /** Throws `PermanentError` `endpoint_not_found`. */
  endpoint(name: string, brand: string | null): Promise<Endpoint>;
}

/** `pt-BR` also reads what is written in `pt`; the last one stands for no language. */
export function languageChain(language: string | null): (string | null)[] {
  const exact = language?.trim().toLowerCase().replaceAll('_', '-') ?? '';
  const primary = exact.split('-')[0] ?? '';
  return [...new Set([exact, primary].filter((one) => one !== '')), null];
}
