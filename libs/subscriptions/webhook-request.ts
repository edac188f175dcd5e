/** An event as a request to a subscriber. The body is the same on every attempt: it is made of the event as it is kept. */
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type { SubscriptionFormat } from '#libs/domain/subscriptions/subscription.ts';

export type SentEvent = Pick<KeptEvent, 'eventId' | 'text'>;

export interface EventRequest {
  /** Names in lower case; those of the signature come on top. */
  headers: Record<string, string>;
  body: string;
}

/** What a kept event holds, as far as it is needed here. */
interface CloudEvent {
  type: string;
  time: string;
  data: unknown;
  datacontenttype: string;
  [attribute: string]: unknown;
}

const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const json = 'application/json; charset=utf-8';

export function toEventRequest({ text }: SentEvent, format: SubscriptionFormat): EventRequest {
  if (format === 'cloudevents') return { headers: structured, body: text };
  const { data, datacontenttype, ...attributes } = JSON.parse(text) as CloudEvent;
  if (format === 'cloudevents-binary')
    // In this mode the header is the attribute `datacontenttype`.
    return { headers: { 'content-type': datacontenttype, ...toHeaders(attributes) }, body: JSON.stringify(data) };
  return {
    headers: { 'content-type': json },
    body: JSON.stringify({ type: attributes.type, timestamp: attributes.time, data }),
  };
}

function toHeaders(attributes: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [`ce-${name}`, encodeValue(String(value))]));
}

/**
 * CloudEvents HTTP protocol binding 1.0.2, section 3.1.3.2: what is no printable ASCII is percent-encoded, and so are `"`
 * and `%`. Half of a surrogate pair becomes U+FFFD.
 */
function encodeValue(value: string): string {
  return Buffer.from(value)
    .toString()
    .replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent);
}
