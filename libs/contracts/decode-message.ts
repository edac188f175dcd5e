/** Kafka messages in, platform events or dead letters out. */
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

type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;

export interface DecodeLimits {
  maxBytes: number;
  /** Objects and arrays inside one another. */
  maxDepth: number;
}

export type DeadLetterReason = 'too_large' | 'too_deep' | 'not_json' | 'invalid_event';

export type Decoded = { event: PlatformEvent } | { deadLetter: { reason: DeadLetterReason; message: string } };

export function decodeMessage(_message: IncomingMessage, _limits: DecodeLimits): Decoded {
  throw new Error('being written');
}
