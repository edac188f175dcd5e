/**
 * A record batch that cannot be read. It comes out of a fetch as one message that stands for all of its records, so
 * that the batches beside it are read, the offset moves past it, and what it held is sent to the dead letters.
 */
import type { KafkaMessage } from 'kafkajs';

export interface UnreadableBatch {
  reason: 'batch_too_large' | 'batch_unreadable';
  /** What is wrong, for a person. */
  message: string;
  firstOffset: string;
  lastOffset: string;
}

const mark = Symbol('unreadable batch');

/** @returns the message with what is wrong with its batch */
export function standingForBatch<M extends object>(message: M, about: UnreadableBatch): M {
  return Object.assign(message, { [mark]: about });
}

/** @returns null for an ordinary message */
export function findUnreadableBatch(message: KafkaMessage): UnreadableBatch | null {
  return (message as { [mark]?: UnreadableBatch })[mark] ?? null;
}
