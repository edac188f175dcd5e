/** What the URL and the headers of an outgoing request must look like. Where it may go is decided when it is sent. */
import { ruleLimits } from '../rules/rule-limits.ts';

/** RFC 9110 token. */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible Latin-1, spaces and tabs: what HTTP/1.1 can carry. A line break would start another header. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** They describe the connection or the message's framing, which are not the rule's to decide. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @returns what is wrong with it, or null. */
export function checkHttpUrl(value: unknown): string | null {
  const text = String(value);
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  return protocol === 'http:' || protocol === 'https:'
    ? null
    : 'must be a complete http or https address, e.g. https://example.com/hook';
}

/** @param headers an object of texts. @returns what is wrong with it, or null. */
export function checkHeaders(headers: unknown): string | null {
  const entries = Object.entries(headers as Record<string, string>);
  if (entries.length > ruleLimits.webhookHeaders) return `has more than ${ruleLimits.webhookHeaders} headers`;
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    const lower = name.toLowerCase();
    if (!headerName.test(name) || name.length > ruleLimits.webhookHeaderName) {
      return 'has a name that no HTTP header can have';
    }
    if (ownHeaders.has(lower)) return `must not set ${name}: the HTTP client sets it`;
    if (seen.has(lower)) return `sets ${name} twice`;
    seen.add(lower);
    if (!headerValue.test(value)) return `has a character in the value of ${name} that no HTTP header can carry`;
    if (value.length > ruleLimits.webhookHeaderValue) {
      return `has more than ${ruleLimits.webhookHeaderValue} characters in the value of ${name}`;
    }
  }
  return null;
}
