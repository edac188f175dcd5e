/** Dead letters as they are kept: what could not be processed, from where, and whether it was sent again. */

import type { SignalboxErrorCode } from '../errors/error-codes.ts';

/** Why a message is a dead letter, beyond the codes of errors. */
export const deadLetterReasons = [
  'too_large',
  'too_deep',
  'not_json',
  'invalid_event',
  'batch_too_large',
  'batch_unreadable',
  'event_id_conflict',
  'rule_too_slow',
  'handler_failed',
  'internal_error',
] as const;
export type DeadLetterReason = (typeof deadLetterReasons)[number] | SignalboxErrorCode;

/** `unknown`: someone has begun to send it, and whether Kafka took it is not known. It is not sent a second time. */
export const deadLetterStates = ['open', 'unknown', 'sent'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/**
 * Why a letter cannot be sent again: the original is not whole (`cut`), it stands for a batch that could not be read
 * (`batch`), or it came from no topic that platform events come in by (`origin`).
 */
export const resendObstacles = ['cut', 'batch', 'origin'] as const;
export type ResendObstacle = (typeof resendObstacles)[number];

export interface DeadLetterSummary {
  /** Kafka's id of the topic of dead letters, partition and offset, with dots between. */
  dead_letter_id: string;
  /** Stable code, such as `not_json`. */
  reason: string;
  /** What is wrong, for a person. */
  message: string;
  /** The brand of its event, where that was known; null = unknown. */
  brand: string | null;
  /** When it went to the dead letters; ISO 8601 UTC. */
  at: string;
  /** Topic without the installation's prefix; offsets as decimal digits. */
  origin: { topic: string; partition: number; offset: string; last_offset: string | null; at: string | null };
  /** Bytes of the original value; null = it had none. */
  value_bytes: number | null;
  obstacle: ResendObstacle | null;
  state: DeadLetterState;
  resend: Resend | null;
}

/** Written before Kafka is asked to take the message. */
export interface Resend {
  by: string;
  at: string;
  /** Where Kafka put it; null = it is not known that Kafka took it. */
  to: { partition: number; offset: string } | null;
}

/** The message as it came, each part as base64. */
export interface OriginalMessage {
  key: string | null;
  value: string | null;
  /** Values by name; those without a value are left out. */
  headers: [name: string, values: string[]][];
}

export interface KeptDeadLetter extends DeadLetterSummary {
  original: OriginalMessage;
}

/** Where a letter stands on the topic of dead letters. */
export interface DeadLetterPlace {
  topicId: string;
  partition: number;
  offset: bigint;
}

export interface DeadLetterFilter {
  /** A list = any of them. */
  brand?: string | string[];
  reason?: string;
  topic?: string;
  state?: DeadLetterState;
}

/** Letters of one reason that are not sent again and can be; `isMore`: there are more than were counted. */
export interface ReasonCount {
  reason: string;
  open: number;
  isMore: boolean;
}

export interface DeadLetterStore {
  /** Those that are there are left as they are. */
  add(letters: readonly KeptDeadLetter[]): Promise<void>;
  get(id: string): Promise<KeptDeadLetter | null>;
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  list(
    filter: DeadLetterFilter,
    page: { cursor?: string; limit?: number },
  ): Promise<{ items: DeadLetterSummary[]; nextCursor: string | null }>;
  /** Of the reasons there are, in the order of their names. */
  countOpen(brand: string | string[] | undefined): Promise<ReasonCount[]>;
  /** Oldest first, those that can be sent again, behind `after`. */
  openOf(
    reason: string,
    brand: string | string[] | undefined,
    after: { at: string; id: string } | null,
    limit: number,
  ): Promise<DeadLetterSummary[]>;
  /** @param request what tells the same request sent again. @returns false when another has claimed it, or it is gone */
  claim(id: string, by: string, at: string, request: string): Promise<boolean>;
  /** @returns whether this very request has claimed it */
  isClaimedBy(id: string, request: string): Promise<boolean>;
  sent(id: string, request: string, to: { partition: number; offset: string }): Promise<void>;
  /** Of a claim whose message Kafka has refused for certain. */
  release(id: string, request: string): Promise<void>;
  /** @returns how many were forgotten; 0 = none is left that old */
  forget(before: string): Promise<number>;
}

export function deadLetterId({ topicId, partition, offset }: DeadLetterPlace): string {
  return `${topicId}.${partition}.${offset}`;
}

/** @returns null for what is none */
export function parseDeadLetterId(id: string): DeadLetterPlace | null {
  const [, topicId, partition, offset] = /^([\w-]{0,64})\.(\d{1,9})\.(\d{1,19})$/.exec(id) ?? [];
  if (topicId === undefined || partition === undefined || offset === undefined) return null;
  return { topicId, partition: Number(partition), offset: BigInt(offset) };
}
