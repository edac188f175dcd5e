/** Kafka messages as they are kept with postponed events, and back. */
import { headerValues } from '#libs/contracts/message.ts';
import type { PostponedEvent, PostponedMessage } from '#libs/domain/matching/postponed-event.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import type { DeadLetter } from '#libs/kafka/dead-letter.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import type { MatchCandidate } from '#libs/matching/match-events.ts';

/** @param topic full name */
export function toPostponedEvent(
  subject: MatchCandidate,
  message: ConsumedMessage,
  { topic, partition }: { topic: string; partition: number },
): PostponedEvent {
  const { trigger, brand, login, customerId } = subject;
  // The context has the records.
  const { trade: _trade, account: _account, ...event } = subject.event;
  const kept = keptMessage(message, topic, partition);
  // A topic made anew has other messages at the same places.
  const content = sha256(`${message.timestamp} ${kept.key ?? ''} ${kept.value ?? ''}`).slice(0, 16);
  return {
    id: `${topic}/${partition}/${message.offset}/${content}`,
    trigger,
    brand,
    login,
    customerId,
    event,
    context: subject.context(),
    message: kept,
    at: new Date().toISOString(),
  };
}

export function toCandidate({ trigger, brand, login, customerId, event, context }: PostponedEvent): MatchCandidate {
  return { trigger, brand, login, customerId, event, context: () => context };
}

export function toDeadLetter(
  why: Pick<DeadLetter, 'reason' | 'message' | 'brand'>,
  { topic, partition, offset, timestamp, key, value, headers }: PostponedMessage,
): DeadLetter {
  const original = {
    key: toBytes(key),
    value: toBytes(value),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, values]) => [name, values.map((text) => Buffer.from(text, 'base64'))]),
    ),
  };
  return { ...why, origin: { topic, partition, offset, timestamp }, original };
}

function keptMessage(message: ConsumedMessage, topic: string, partition: number): PostponedMessage {
  const { offset, timestamp, key, value, headers = {} } = message;
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: key?.toString('base64') ?? null,
    value: value?.toString('base64') ?? null,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, header]) => [
        name,
        headerValues(header).map((part) => Buffer.from(part).toString('base64')),
      ]),
    ),
  };
}

function toBytes(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'base64');
}
