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
import {
  copyOf,
  rawMessageOf,
  setMember,
  type Draft,
  type Json,
  type JsonRecord,
} from '../../../test/support/mutated/draft.ts';
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

type Outcome = 'taken' | 'refused' | 'beyond schema' | 'said in words';

/** Asks the decoder and both forms of the schemas, and expects one answer. */
function expectOneAnswer(draft: Draft): Outcome {
  const message = incoming(draft);
  const decoded = decodeMessage(message, limits);
  const refusal = 'deadLetter' in decoded ? decoded.deadLetter : null;
  const about = refusal?.message ?? '';
  // The limits of every value, and how texts are written.
  if (refusal !== null && refusal.reason !== 'invalid_event') return 'said in words';
  if (/is a number beyond \d+, which cannot/.test(about) || about.includes('is not UTF-8')) return 'said in words';
  const text = String(message.value);
  const headers = textsOf(message.headers);
  const payload: unknown = JSON.parse(text);
  const place = `${message.topic} ${JSON.stringify(headers)} ${text.slice(0, 2000)}: ${about || 'taken'}`;
  expect(isContract(message.topic, headers, payload), place).toBe(refusal === null);
  const fits = describedAs(message.topic, headers, payload).length > 0;
  const isBeyond = refusal !== null && isBeyondSchema(about, headers, text);
  expect(fits || isBeyond, place).toBe(refusal === null || isBeyond);
  if (isBeyond) return 'beyond schema';
  return refusal === null ? 'taken' : 'refused';
}

/** One of each kind of value, right in one member or another. */
const values: Json[] = [
  ...plausible,
  '',
  '1.0',
  '0.3',
  '1'.repeat(16),
  'x'.repeat(201),
  'x'.repeat(1001),
  'a\nb',
  'a, b',
  '2026-01-31',
  '2026-13-01T00:00:00Z',
  'account:added',
  ['x'],
  [7],
  [''],
  Array.from({ length: 101 }, () => 'x'),
  { a: 1 },
];

/** The same message with each value in each of the members, one at a time, and without it. */
function* variants(draft: Draft, members: readonly string[], path: readonly string[]): Generator<Draft> {
  for (const member of members) {
    for (const value of [undefined, ...values]) {
      const copy = { ...draft, body: copyOf(draft.body) };
      const holder = path.reduce((record, name) => (record[name] ??= {}) as JsonRecord, copy.body as JsonRecord);
      if (value === undefined) delete holder[member];
      else setMember(holder, member, value);
      yield copy;
    }
  }
}

/** Header texts in the place of values. */
function* headerVariants(draft: Draft): Generator<Draft> {
  const names = ['content-type', 'specversion', 'id', 'source', 'type', 'time', 'brand', 'login', 'customerid'];
  for (const name of [...names, 'causation', 'data_base64']) {
    const header = name === 'content-type' ? name : `ce_${name}`;
    const { [header]: _, ...others } = draft.headers;
    yield { ...draft, headers: others };
    for (const value of [...values, 'application/cloudevents', ' Application/CloudEvents+JSON']) {
      if (typeof value === 'string') yield { ...draft, headers: { ...others, [header]: value } };
    }
  }
}

function outcomesOf(drafts: Iterable<Draft>): Set<Outcome> {
  return new Set([...drafts].map(expectOneAnswer));
}

const membersOf = ({ body }: Draft): string[] => Object.keys(body as JsonRecord);
const anyType = { event: 'EV_RECORD_ADD', type: 'customer.deposited' };
const eventMembers = ['specversion', 'causation', 'data_base64', 'customerid', 'time'];

describe('the contracts of incoming messages are what the decoder takes and refuses', () => {
  it.each(['trade', 'account'] as const)('in every member (%s)', (form) => {
    const draft = samples[form](theme, anyType);
    const record = Object.keys((draft.body as { record: JsonRecord }).record);
    expect(outcomesOf(variants(draft, [...membersOf(draft), 'causation'], []))).toContain('taken');
    expect(outcomesOf(variants(draft, record, ['record']))).toContain('refused');
  });

  it.each(['plain', 'structured'] as const)('in every member of an event (%s)', (form) => {
    const draft = samples[form](theme, anyType);
    expect(outcomesOf(variants(draft, [...membersOf(draft), ...eventMembers], []))).toContain('taken');
    expect(outcomesOf(variants(draft, ['causation', 'login', 'customerId', 'brand'], ['data']))).toContain('taken');
  });

  it('in every header of an event', () => {
    const { headers: _, ...bare } = samples.structured(theme, anyType);
    const drafts = [samples.plain(theme, anyType), samples.structured(theme, anyType), { ...bare, headers: {} }];
    for (const draft of drafts) expect(outcomesOf(headerVariants(draft))).toContain('taken');
    expect(outcomesOf(headerVariants(samples.binary(theme, anyType)))).toContain('refused');
  });

  it.each(['customer.deposited', ...Object.keys(customerEvents)])('in what %s says of its customer', (type) => {
    const draft = samples.plain(theme, { ...anyType, type });
    const changed = [...variants(draft, members, ['data']), ...variants(draft, members, ['data', 'customer'])];
    const ofKind = ['sales', 'kyc', 'other'].flatMap((kind) => {
      const named = { ...draft, body: copyOf(draft.body) };
      Object.assign((named.body as { data: JsonRecord }).data, { kind, status: null });
      return [...variants(named, ['status', 'status_id', 'to'], ['data'])];
    });
    expect(outcomesOf([...changed, ...ofKind])).toContain('refused');
  });

  const seed = Number(process.env['CONTRACT_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

  it(`in several members at once (seed ${seed})`, () => {
    const random = new Random(seed);
    const outcomes = Array.from({ length: 4000 }, () => expectOneAnswer(draftOf(random)));
    const countOf = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length;
    expect(countOf('taken')).toBeGreaterThan(500);
    expect(countOf('refused')).toBeGreaterThan(500);
    expect(countOf('beyond schema')).toBeLessThan(countOf('refused'));
  });
});
