/** What a Kafka consumer hands over, and what becomes of it. */
import type { CustomerEvents } from './customer-record.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';

export interface IncomingMessage {
  /** Logical name, without the installation's prefix. */
  topic: string;
  partition: number;
  /** Kafka's own id of the topic; null or absent: unknown. */
  topicId?: string | null;
  offset: string;
  /** Kafka timestamp, milliseconds since 1970 as text. */
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Readonly<Record<string, HeaderValue>> | undefined;
}

/** Kafka allows null. Of a header named like a member of every object (`constructor`) kafkajs makes a list that begins with that member. */
export type HeaderValue = Buffer | string | null | (Buffer | string | null)[] | undefined;

export interface DecodeLimits {
  maxBytes: number;
  /** Objects and arrays inside one another. */
  maxDepth: number;
  /** How far a time may lie ahead of the arrival of its message, in milliseconds; a later one becomes the arrival. */
  maxAheadMs: number;
  /** Event types of the installation that say how a customer is now, beside the built-in ones. */
  customerEvents?: CustomerEvents;
}

/** Why a message cannot be read; a `DeadLetterReason`. */
export type UnreadableReason = 'too_large' | 'too_deep' | 'not_json' | 'invalid_event';

export type Decoded = { event: PlatformEvent } | { deadLetter: { reason: UnreadableReason; message: string } };

/** @returns the header as text, null when it is absent or has no value; of several values the first. */
export function headerText(headers: IncomingMessage['headers'], name: string): string | null {
  const value = headers !== undefined && Object.hasOwn(headers, name) ? headers[name] : undefined;
  const [first] = headerValues(value);
  return first === undefined ? null : first.toString();
}

/** Whether the header's text is made of bytes that are not UTF-8: two texts could then be read as one. */
export function hasInvalidText(headers: IncomingMessage['headers'], name: string): boolean {
  const [first] = headerValues(headers !== undefined && Object.hasOwn(headers, name) ? headers[name] : undefined);
  return Buffer.isBuffer(first) && utf8Text(first) === null;
}

// Fatal: invalid bytes would otherwise be replaced without a word, and two different ids could become one.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @returns the text without a byte order mark, or null when the bytes are not UTF-8. */
export function utf8Text(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** @returns the values that are there */
export function headerValues(header: HeaderValue): (Buffer | string)[] {
  const values: unknown[] = Array.isArray(header) ? header : [header];
  return values.filter((value) => typeof value === 'string' || Buffer.isBuffer(value));
}
