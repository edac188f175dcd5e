/** What a Kafka consumer hands over, and what becomes of it. */
import type { PlatformEvent } from '#libs/domain/event.ts';

export interface IncomingMessage {
  /** Logical name, without the installation's prefix. */
  topic: string;
  partition: number;
  offset: string;
  /** Kafka timestamp, milliseconds since 1970 as text. */
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, HeaderValue> | undefined;
}

export type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

export interface DecodeLimits {
  maxBytes: number;
  /** Objects and arrays inside one another. */
  maxDepth: number;
}

export type DeadLetterReason = 'too_large' | 'too_deep' | 'not_json' | 'invalid_event';

export type Decoded = { event: PlatformEvent } | { deadLetter: { reason: DeadLetterReason; message: string } };

/** @returns the header as text, null when it is absent; of several values the first. */
export function headerText(headers: IncomingMessage['headers'], name: string): string | null {
  const value = headers !== undefined && Object.hasOwn(headers, name) ? headers[name] : undefined;
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? null : first.toString();
}
