/** What can become of a message between its producer and us. */
import { topics } from '#libs/domain/events/platform-event.ts';
import { Raw, setMember, type Draft, type Json, type JsonRecord, type RawMessage } from './draft.ts';
import { nested, oddIds, oddNames, oddTimes, oddValue } from './odd-values.ts';
import type { Random } from './random.ts';

type DraftMutation = (draft: Draft, random: Random) => void;
type BytesMutation = (value: Buffer, random: Random) => Buffer | null;

/** Every object and list of a body, the body itself among them. */
function containersOf(body: Json): (JsonRecord | Json[])[] {
  if (typeof body !== 'object' || body === null || body instanceof Raw) return [];
  return [body, ...Object.values(body).flatMap(containersOf)];
}

function containerIn({ body }: Draft, random: Random): JsonRecord {
  const found = containersOf(body);
  return (found.length === 0 ? {} : random.pick(found)) as JsonRecord;
}

function memberOf(container: JsonRecord, random: Random): string {
  const names = Object.keys(container);
  return names.length === 0 ? 'a' : random.pick(names);
}

/** Where a member of the envelope stands: in the body, or of a binary CloudEvent in a header. */
function setAttribute(draft: Draft, name: string, value: Json): void {
  if (draft.headers['ce_specversion'] === undefined) {
    const ofCloudEvent = name === 'occurredAt' && Object.hasOwn(draft.body as object, 'specversion');
    return setMember(draft.body as object, ofCloudEvent ? 'time' : name, value);
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value instanceof Raw ? value.text : value);
  setMember(draft.headers, `ce_${name === 'occurredAt' ? 'time' : name}`, value === null ? null : text);
}

const headerNames = ['content-type', 'ce_id', 'ce_type', 'ce_source', 'ce_specversion', 'ce_time', 'ce_login'];
const moreHeaderNames = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(5000),
  'ключ',
  'a\nb',
  'ce_',
  'ce_data',
];
const ownHeaderNames = [
  'dead-letter.reason',
  'dead-letter.offset',
  'original.dead-letter.offset',
  'ce_brand',
  'ce_causation',
];
const headerTexts = [
  '',
  '1.0',
  '0.3',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'TEXT/PLAIN',
];
const timestamps = ['-1', '0', '1', '946684800000', '4102444800000', '253402300799999', '9007199254740991', '-5'];

export const draftMutations: Record<string, DraftMutation> = {
  value(draft, random) {
    const container = containerIn(draft, random);
    setMember(container, memberOf(container, random), oddValue(random));
  },
  missing(draft, random) {
    const container = containerIn(draft, random);
    delete container[memberOf(container, random)];
  },
  name(draft, random) {
    setMember(containerIn(draft, random), random.pick(oddNames), oddValue(random));
  },
  id: (draft, random) => setAttribute(draft, 'id', random.pick(oddIds)),
  time: (draft, random) => setAttribute(draft, 'occurredAt', random.pick(oddTimes)),
  brand: (draft, random) => setAttribute(draft, 'brand', oddValue(random)),
  causation(draft, random) {
    const ids = Array.from({ length: random.pick([1, 4, 5, 6, 100, 101]) }, (_, index) => `cause-${index}`);
    setAttribute(draft, 'causation', random.happens(0.5) ? ids : ids.join(','));
  },
  depth(draft, random) {
    const levels = random.pick([60, 61, 62, 63, 64, 65, 500, 20_000]);
    setMember(containerIn(draft, random), 'deep', nested(levels, random.happens(0.5)));
  },
  type(draft) {
    draft.body = [draft.body];
  },
  topic(draft, random) {
    draft.topic = random.pick([topics.trade, topics.account, topics.crm]);
  },
  header(draft, random) {
    const name = random.pick([...headerNames, ...headerNames, ...moreHeaderNames, ...ownHeaderNames]);
    const value = random.pick([
      null,
      ...headerTexts,
      Buffer.from([0xff, 0xfe]),
      ['a', 'b'],
      ['1.0', '1.0'],
      [null, 'c'],
    ]);
    setMember(draft.headers, name, value);
  },
  headers(draft, random) {
    for (let count = random.pick([50, 300]); count > 0; count -= 1) draft.headers[`h-${count}`] = random.bytes(20);
  },
  noHeader(draft, random) {
    const names = Object.keys(draft.headers);
    if (names.length > 0) delete draft.headers[random.pick(names)];
  },
  timestamp(draft, random) {
    draft.timestamp = random.pick(timestamps);
  },
  key(draft, random) {
    draft.key = random.pick([null, Buffer.alloc(0), random.bytes(30), Buffer.from('k'.repeat(3000))]);
  },
};

const whole = [
  'null',
  'true',
  '0',
  '"text"',
  '[]',
  '{}',
  '[[[[]]]]',
  '   ',
  '\0',
  '{"',
  'NaN',
  '{}{}',
  "{'a':1}",
  '{"a":1,}',
];
const insertions = ['\0', '\n', '"', '\\', '}', ',', '\\u', '1e', '//', '\ufeff', '💥'];

function spliced(value: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([value.subarray(0, at), added, value.subarray(at + removed)]);
}

export const bytesMutations: Record<string, BytesMutation> = {
  flip(value, random) {
    const copy = Buffer.from(value);
    for (let count = random.pick([1, 1, 1, 2, 8]); count > 0 && copy.length > 0; count -= 1) {
      const at = random.below(copy.length);
      copy[at] = copy[at]! ^ (1 << random.below(8));
    }
    return copy;
  },
  cut: (value, random) => value.subarray(0, random.below(value.length + 1)),
  remove: (value, random) => spliced(value, random.below(value.length + 1), random.pick([1, 2, 30]), Buffer.alloc(0)),
  insert: (value, random) => spliced(value, random.below(value.length + 1), 0, Buffer.from(random.pick(insertions))),
  invalid: (value, random) => spliced(value, random.below(value.length + 1), 1, random.bytes(random.pick([1, 2, 4]))),
  repeat(value, random) {
    const at = random.below(value.length + 1);
    return spliced(value, at, 0, value.subarray(at, at + random.pick([1, 10, 100])));
  },
  mark: (value) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), value]),
  utf16: (value) => Buffer.from(value.toString(), 'utf16le'),
  twice: (value, random) =>
    Buffer.from(value.toString().replace('{', `{"id":${random.pick(['"twice"', 'null', '7'])},`)),
  noise: (_, random) => random.bytes(random.pick([1, 20, 200])),
  other: (_, random) => Buffer.from(random.pick(whole)),
  empty: () => Buffer.alloc(0),
  tombstone: () => null,
};

/** What Kafka takes unless it is told otherwise, less what a batch is besides its records. */
const maxBatchBytes = 1_048_588 - 100;

/** More than everything but the value takes. */
function overheadOf({ key, headers }: RawMessage): number {
  const sizes = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => Buffer.byteLength(name) + Buffer.byteLength(value ?? '') + 6),
  );
  return sizes.reduce((sum, size) => sum + size, (key?.length ?? 0) + 40);
}

/** Sizes up to and over what is allowed, and up to what Kafka takes. */
export function padded(message: RawMessage, random: Random, maxBytes: number): RawMessage {
  const { value } = message;
  if (value === null || value.at(-1) !== 0x7d) return message;
  const most = maxBatchBytes - overheadOf(message);
  const size = random.pick([maxBytes - 1, maxBytes, maxBytes + 1, maxBytes * 2, most - 1000, most]);
  const filler = ',"filler":""}';
  const missing = Math.max(0, size - value.length - filler.length + 1);
  return {
    ...message,
    value: Buffer.concat([value.subarray(0, -1), Buffer.from(`,"filler":"${'f'.repeat(missing)}"}`)]),
  };
}
