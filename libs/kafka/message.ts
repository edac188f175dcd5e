/** Messages as Kafka keeps them, apart from any client. */
import type { HeaderValue } from '#libs/contracts/message.ts';

/** By their names; a name that comes more than once has a list. */
export type MessageHeaders = Record<string, Buffer | string | (Buffer | string)[] | undefined>;

export interface OutgoingMessage {
  /** Messages with the same key keep their order. */
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers?: MessageHeaders;
}

export interface ConsumedMessage {
  key: Buffer | null;
  value: Buffer | null;
  headers?: Readonly<Record<string, HeaderValue>> | undefined;
  /** Decimal digits. */
  offset: string;
  /** Kafka timestamp, milliseconds since 1970 as text. */
  timestamp: string;
  /** Set where this message stands for all records of a batch that cannot be read; the value is the batch as Kafka stores it. */
  unreadableBatch?: UnreadableBatch;
}

/**
 * What is wrong with a record batch. It comes out of a fetch as one message, so that the batches beside it are read, the
 * offset moves past it, and what it held is sent to the dead letters.
 */
export interface UnreadableBatch {
  reason: 'batch_too_large' | 'batch_unreadable';
  /** What is wrong, for a person. */
  message: string;
  firstOffset: string;
  lastOffset: string;
}
