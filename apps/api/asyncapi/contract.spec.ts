/**
 * Incoming messages are read by hand (`decode-message.ts`) and described by schemas. Here the two are held together: on
 * messages that are right, and on thousands that are wrong in one place or another.
 */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { accountPushSchema, tradePushSchema } from '#libs/contracts/broker-message.schema.ts';
import {
  cloudEventHeadersSchema,
  cloudEventSchema,
  crmEventSchema,
  plainHeadersSchema,
  structuredHeadersSchema,
} from '#libs/contracts/crm-message.schema.ts';
import { customerEvents, customerFields } from '#libs/contracts/customer-record.ts';
import { decodeMessage, type IncomingMessage } from '#libs/contracts/decode-message.ts';
import { headerText } from '#libs/contracts/message.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { contractCheck } from '../../../test/support/described-messages.ts';
import { copyOf, rawMessageOf, setMember, type Draft, type Json } from '../../../test/support/mutated/draft.ts';
import { draftMutations } from '../../../test/support/mutated/mutations.ts';
import { oddValue } from '../../../test/support/mutated/odd-values.ts';
import { Random } from '../../../test/support/mutated/random.ts';
import { samples } from '../../../test/support/mutated/samples.ts';
import { asyncApiDocument } from './document.ts';

const limits = { maxBytes: 10_000_000, maxDepth: 64, maxAheadMs: 60_000 };
const theme = {
  id: 'e-1',
  at: '2026-01-15T09:00:00.000Z',
  login: 5001,
  group: 'north-usd',
  customerId: 'c-1',
  brand: 'north',
  amount: 5,
  note: 'a note',
};

type Headers = Record<string, string>;
const describedAs = contractCheck(asyncApiDocument());
const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

function incoming(draft: Draft): IncomingMessage {
  const { topic, key, headers, value } = rawMessageOf(draft);
  return { topic, key, headers, value, partition: 0, offset: '1', timestamp: String(Date.parse(theme.at)) };
}

/** Headers as texts: those without a value are as good as absent. */
function textsOf(headers: IncomingMessage['headers']): Headers {
  const texts = Object.keys(headers ?? {}).map((name) => [name, headerText(headers, name)] as const);
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** By zod, which can say what JSON Schema cannot. */
function isContract(topic: string, headers: Headers, payload: unknown): boolean {
  if (topic === topics.trade) return accepts(tradePushSchema, payload);
  if (topic === topics.account) return accepts(accountPushSchema, payload);
  const attributes = Object.entries(headers).flatMap(([name, text]) =>
    name.startsWith('ce_') ? [[name.slice(3), text]] : [],
  );
  const event = { ...(Object.fromEntries(attributes) as Headers), data: payload };
  return (
    (accepts(plainHeadersSchema, headers) && accepts(crmEventSchema, payload)) ||
    (accepts(structuredHeadersSchema, headers) && accepts(cloudEventSchema, payload)) ||
    (accepts(cloudEventHeadersSchema, headers) && accepts(cloudEventSchema, event))
  );
}

/** What JSON Schema cannot say, by what the decoder says of it. */
function isBeyondSchema(message: string, headers: Headers, text: string): boolean {
  const isBinary = headers['ce_specversion'] !== undefined;
  const all = `${text}${JSON.stringify(headers)}`;
  const lines = message.split('; ');
  return lines.every((line) => {
    // The type stands in a header, its data in the value.
    if (isBinary && line.startsWith('data.')) return true;
    // In a text, whose entries the schema does not see.
    if (line.includes('causation') && /causation":"/.test(all)) return true;
    if (/takes \d+ bytes in UTF-8/.test(line)) return true;
    if (line.includes('half a character')) return /\\ud[89a-f]/i.test(all);
    return line.includes('is no time') && /2026-02-(?:29|30)/.test(all);
  });
}

const types = ['customer.deposited', 'call.completed', 'trade.opened', ...Object.keys(customerEvents)];
const recordEvents = ['EV_RECORD_ADD', 'EV_RECORD_UPDATE', 'EV_RECORD_CLOSE_TRADE'];
/** Members of data that an event may say its customer by. */
const members = [...customerFields.map(([field]) => field), 'to', 'kind', 'status', 'status_id', 'causation'];
const plausible: Json[] = ['x', '11', 7, 0, true, null, 'sales', 'kyc', 1.5, -1, {}, []];

function draftOf(random: Random): Draft {
  const sample = random.pick(Object.values(samples));
  const draft = sample(theme, { event: random.pick(recordEvents), type: random.pick(types) });
  draft.body = copyOf(draft.body);
  draft.headers = { ...draft.headers };
  if (random.happens(0.4)) sayCustomer(draft, random);
  const { headers: _, ...mutations } = draftMutations;
  for (let count = random.pick([0, 1, 1, 2]); count > 0; count -= 1) {
    const isObject = typeof draft.body === 'object' && draft.body !== null && !Array.isArray(draft.body);
    if (isObject) random.pick(Object.values(mutations))(draft, random);
  }
  return draft;
}

function sayCustomer({ topic, body, headers }: Draft, random: Random): void {
  if (topic !== topics.crm) return;
  const whole = body as { data?: Record<string, Json> };
  const data = headers['ce_specversion'] === undefined ? (whole.data ?? {}) : (body as Record<string, Json>);
  const part: Record<string, Json> = {};
  for (let count = random.pick([1, 2, 3]); count > 0; count -= 1) {
    const value = random.happens(0.9) ? random.pick(plausible) : oddValue(random);
    setMember(random.happens(0.7) ? data : part, random.pick(members), value);
  }
  if (random.happens(0.3)) data['customer'] = random.happens(0.8) ? part : random.pick(plausible);
}

describe('the contracts of incoming messages', () => {
  const seed = Number(process.env['CONTRACT_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

  it(`are what the decoder takes and refuses (seed ${seed})`, () => {
    const random = new Random(seed);
    const counts = { taken: 0, refused: 0, beyond: 0 };
    for (let count = 0; count < 6000; count += 1) {
      const message = incoming(draftOf(random));
      const decoded = decodeMessage(message, limits);
      const refusal = 'deadLetter' in decoded ? decoded.deadLetter : null;
      const about = refusal?.message ?? '';
      // Said in words: the limits of every value, and how texts are written.
      if (refusal !== null && refusal.reason !== 'invalid_event') continue;
      if (/is a number beyond \d+, which cannot/.test(about) || about.includes('is not UTF-8')) continue;
      const text = String(message.value);
      const headers = textsOf(message.headers);
      const payload: unknown = JSON.parse(text);
      const place = `${message.topic} ${JSON.stringify(headers)} ${text.slice(0, 2000)}: ${about || 'taken'}`;
      expect(isContract(message.topic, headers, payload), place).toBe(refusal === null);
      const fits = describedAs(message.topic, headers, payload).length > 0;
      const isBeyond = refusal !== null && isBeyondSchema(about, headers, text);
      expect(fits || isBeyond, place).toBe(refusal === null || isBeyond);
      counts[isBeyond ? 'beyond' : refusal === null ? 'taken' : 'refused'] += 1;
    }
    expect(counts.taken).toBeGreaterThan(1000);
    expect(counts.refused).toBeGreaterThan(500);
    expect(counts.beyond).toBeLessThan(counts.refused);
  });
});
