/**
 * Kafka messages in, platform events or dead letters out. Nothing a producer sends makes this throw, and a message that
 * breaks its contract is told every issue at once.
 */
import { topics, type PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { decodeAccount, decodeTrade, type Origin } from './broker-message.ts';
import { decodeCrmEvent } from './crm-message.ts';
import { holdsInexactNumber, inexactNumber, findInexactNumber } from './exact-numbers.ts';
import { isDeeperThan } from './message-depth.ts';
import { utf8Text, type Decoded, type DecodeLimits, type IncomingMessage, type UnreadableReason } from './message.ts';
import { describeKind } from './record-check.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

export type { Decoded, DecodeLimits, IncomingMessage } from './message.ts';

/** Characters of a dead letter's message; the issues beyond it are left out. */
const maxReasonLength = 2000;

/** Levels that recursion copes with; the limit of the configuration is mostly far below. */
const maxRecursion = 1000;

/** @returns the event, or why the message is none; the reason's text names places and types, never values. */
export function decodeMessage(message: IncomingMessage, limits: DecodeLimits, now = Date.now()): Decoded {
  const { topic, partition, topicId, offset, value } = message;
  if (value === null || value.length === 0) return refuse('not_json', 'the message has no value');
  if (value.length > limits.maxBytes) {
    return refuse('too_large', `the message has ${value.length} bytes, at most ${limits.maxBytes} are allowed`);
  }
  const text = utf8Text(value);
  if (text === null) return refuse('not_json', 'the message is not UTF-8');
  if (isDeeperThan(text, limits.maxDepth)) {
    return refuse('too_deep', `the message is nested more than ${limits.maxDepth} levels deep`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be secret.
    return refuse('not_json', 'the message is not JSON');
  }
  const mayRecurse = limits.maxDepth <= maxRecursion;
  const inexact = mayRecurse && !holdsInexactNumber(json) ? null : findInexactNumber(json);
  if (inexact !== null) return refuse('invalid_event', `${inexact === '' ? 'the message' : inexact} ${inexactNumber}`);
  const problems = new ProblemList();
  const origin: Origin = {
    topic,
    // With the topic's own id, since a topic that is made anew has the same offsets again.
    id: `${topic}/${partition}/${offset}${topicId == null ? '' : `/${topicId}`}`,
    occurredAt: () => new Date(readArrival(message.timestamp, now, limits)).toISOString(),
    customerEvents: limits.customerEvents ?? {},
  };
  const event = decode(json, message, origin, problems);
  if (event === null || problems.problems.length > 0) return refuse('invalid_event', describe(problems));
  boundTime(event, readArrival(message.timestamp, now, limits), limits);
  return { event };
}

/**
 * An event cannot have happened after its message was published. A time from the future would outlast everything that
 * is compared with it: changes of an account, the window of `re_enroll`, the days of a silent customer.
 */
function boundTime(event: PlatformEvent, arrival: number, { maxAheadMs }: DecodeLimits): void {
  const aheadMs = Date.parse(event.occurredAt) - arrival;
  if (aheadMs <= maxAheadMs) return;
  event.occurredAt = new Date(arrival).toISOString();
  event.aheadMs = aheadMs;
}

function decode(json: unknown, message: IncomingMessage, origin: Origin, problems: ProblemList): PlatformEvent | null {
  if (message.topic === topics.crm) return decodeCrmEvent(json, message.headers, origin, problems);
  if (!isJsonObject(json)) {
    problems.add('', 'wrong_type', `the message is ${describeKind(json)}: expected an object`);
    return null;
  }
  if (message.topic === topics.trade) return decodeTrade(json, origin, problems);
  if (message.topic === topics.account) return decodeAccount(json, origin, problems);
  problems.add('', 'unknown_topic', `no events are expected on ${message.topic}`);
  return null;
}

/** The message's Kafka timestamp, unless there is none (-1) or the producer's clock gave one that lies ahead of ours. */
function readArrival(timestamp: string, now: number, { maxAheadMs }: DecodeLimits): number {
  const published = Number(timestamp);
  return published >= 0 && published <= now + maxAheadMs ? published : now;
}

function describe({ problems }: ProblemList): string {
  return shorten(problems.map((problem) => problem.message).join('; '), maxReasonLength);
}

function refuse(reason: UnreadableReason, message: string): Decoded {
  return { deadLetter: { reason, message } };
}
