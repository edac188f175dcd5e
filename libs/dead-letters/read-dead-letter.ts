/** A message on the topic of dead letters as it is kept. */
import { headerText, headerValues, type HeaderValue } from '#libs/contracts/message.ts';
import {
  deadLetterId,
  type DeadLetterPlace,
  type KeptDeadLetter,
  type OriginalMessage,
  type ResendObstacle,
} from '#libs/domain/events/dead-letter.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import { deadLetterHeaders as names, originalPrefix } from '#libs/kafka/dead-letter.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';

/** What the store takes of one value in a document; a longer one is kept as its beginning. */
export const maxKeptBytes = 4 * 1024 * 1024;
const keptOfLonger = 64 * 1024;
const maxCodeLength = 100;
const maxTextLength = 1000;
/** Where platform events come in; messages go nowhere else. */
export const resendTopics: readonly string[] = [topics.account, topics.trade, topics.crm];

/** @param prefix of topics of this installation */
export function readDeadLetter(message: ConsumedMessage, place: DeadLetterPlace, prefix: string): KeptDeadLetter {
  const { headers, value, key, timestamp, unreadableBatch } = message;
  const text = (name: string): string | null => headerText(headers, name);
  const topic = text(names.topic) ?? '';
  const logical = topic.startsWith(prefix) ? topic.slice(prefix.length) : null;
  const cutFrom = text(names.truncatedFrom);
  const isLong = (value?.length ?? 0) > maxKeptBytes;
  const kept = isLong ? (value?.subarray(0, keptOfLonger) ?? null) : value;
  return {
    dead_letter_id: deadLetterId(place),
    reason: shorten(text(names.reason) || unreadableBatch?.reason || 'unknown', maxCodeLength),
    message: shorten(text(names.message) ?? unreadableBatch?.message ?? '', maxTextLength),
    brand: text(names.brand),
    at: toTime(timestamp) ?? new Date().toISOString(),
    origin: {
      topic: shorten(logical ?? topic, maxTextLength),
      partition: toCount(text(names.partition)),
      offset: shorten(text(names.offset) ?? '', maxCodeLength),
      last_offset: text(names.lastOffset) === null ? null : shorten(text(names.lastOffset) ?? '', maxCodeLength),
      at: toTime(text(names.timestamp)),
    },
    value_bytes: cutFrom === null ? (value?.length ?? null) : toCount(cutFrom),
    obstacle: findObstacle({
      isBatch: unreadableBatch !== undefined || text(names.lastOffset) !== null,
      isCut: isLong || cutFrom !== null,
      isForeign: logical === null || !resendTopics.includes(logical),
    }),
    state: 'open',
    resend: null,
    original: { key: toBase64(key), value: toBase64(kept), headers: originalHeaders(headers) },
  };
}

function findObstacle(is: { isBatch: boolean; isCut: boolean; isForeign: boolean }): ResendObstacle | null {
  if (is.isForeign) return 'origin';
  if (is.isBatch) return 'batch';
  return is.isCut ? 'cut' : null;
}

/** None that had no value: to those who read events, a header without a value is one that is not there. */
function originalHeaders(headers: Readonly<Record<string, HeaderValue>> = {}): OriginalMessage['headers'] {
  return Object.entries(headers)
    .filter(([name]) => name.startsWith(originalPrefix))
    .map(([name, header]) => [
      name.slice(originalPrefix.length),
      headerValues(header).map((value) => Buffer.from(value).toString('base64')),
    ]);
}

function toBase64(bytes: Buffer | null): string | null {
  return bytes?.toString('base64') ?? null;
}

function toCount(text: string | null): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** @param text milliseconds since 1970 */
function toTime(text: string | null): string | null {
  const time = new Date(text === null || text === '' ? Number.NaN : Number(text));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
