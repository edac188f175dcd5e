/** The description of the topics: valid, committed as the code gives it, and true of examples. */
import { Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeMessage, type IncomingMessage } from '#libs/contracts/decode-message.ts';
import { readLifecycleMessage } from '#libs/contracts/lifecycle-message.ts';
import { lifecycleCloudEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { deadLetterHeaders, DeadLetters, type DeadLetter } from '#libs/kafka/dead-letter.ts';
import type { OutgoingMessage } from '#libs/kafka/message.ts';
import { contractCheck } from '../../../test/support/described-messages.ts';
import { packageVersion } from '../openapi/json-schema.ts';
import { asyncApiDocument } from './document.ts';
import { refusedMessage, unhandled, type MessageExample } from './examples.ts';

const file = readFileSync(new URL('../../../docs/asyncapi.json', import.meta.url), 'utf8');
const document = asyncApiDocument();
const describedAs = contractCheck(document);
const limits = { maxBytes: 262_144, maxDepth: 64, maxAheadMs: 60_000 };

/** An error and a warning; what comes after them are hints. */
const serious: readonly number[] = [0, 1];

interface Example {
  topic: string;
  name: string;
  example: MessageExample;
}

const examples: Example[] = Object.values(document.channels).flatMap(({ address, messages }) =>
  Object.keys(messages).flatMap((name) =>
    document.components.messages[name]!.examples.map((example) => ({ topic: address, name, example })),
  ),
);
const incomingTopics: readonly string[] = [topics.trade, topics.account, topics.crm];
const isRead = ({ topic }: Example): boolean => incomingTopics.includes(topic);

function incoming(topic: string, payload: unknown, headers: Record<string, string> = {}): IncomingMessage {
  const place = { partition: refusedMessage.partition, offset: refusedMessage.offset };
  const { timestamp } = refusedMessage;
  return { topic, ...place, timestamp, key: null, headers, value: Buffer.from(JSON.stringify(payload)) };
}

describe('the description of the topics', () => {
  it('is committed as the code gives it, in the version of the package', () => {
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(document)));
    expect(document.info.version).toBe(packageVersion());
  });

  it('is AsyncAPI 3 without an error or a warning', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(file);
    expect(diagnostics.filter(({ severity }) => serious.includes(severity))).toEqual([]);
    expect(parsed?.version()).toBe('3.0.0');
    const topicsOf = (action: string) =>
      (parsed?.operations().all() ?? [])
        .filter((one) => one.action() === action)
        .flatMap((one) => one.channels().all())
        .map((channel) => channel.address());
    expect(new Set(topicsOf('receive'))).toEqual(new Set([topics.account, topics.crm, topics.lifecycle, topics.trade]));
    expect(new Set(topicsOf('send'))).toEqual(
      new Set([topics.crm, topics.deadLetter, topics.lifecycle, topics.lifecycleDeadLetter]),
    );
  });

  it('leaves no topic out', () => {
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual(Object.values(topics));
  });

  it('has a key, an example and words for every message', () => {
    for (const [name, message] of Object.entries(document.components.messages)) {
      expect(message.bindings.kafka.key, name).toHaveProperty('$ref');
      expect(message.examples.length, name).toBeGreaterThan(0);
      for (const text of [message.title, message.summary, message.description]) expect(text, name).not.toBe('');
    }
  });

  it('refers to nothing that is not there, and holds no schema that nothing refers to', () => {
    const text = JSON.stringify(document);
    const named = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    expect([...new Set(named)].sort()).toEqual(Object.keys(document.components.schemas));
  });
});

describe('an example', () => {
  it.each(examples)('of $name, $example.name, fits its message and no other', ({ topic, name, example }) => {
    expect(describedAs(topic, example.headers ?? {}, example.payload)).toEqual([name]);
  });

  it.each(examples.filter(isRead))('of $name, $example.name, is read', ({ topic, example }) => {
    const decoded = decodeMessage(incoming(topic, example.payload, example.headers), limits);
    expect(decoded).toMatchObject({ event: { topic, occurredAt: expect.stringMatching(/^2026-01-15T/) as string } });
    expect('event' in decoded && decoded.event.trigger).toBeTruthy();
  });

  it('of a dead letter is the one that its message gets', async () => {
    const message = incoming(refusedMessage.topic, refusedMessage.value);
    const decoded = decodeMessage(message, limits);
    if (!('deadLetter' in decoded)) throw new Error('the message is read');
    await expectLetter('DeadLetterMessage', { ...decoded.deadLetter, origin: refusedMessage, original: message });
  });

  it('of a dead letter of a subscriber is the one that its event gets', async () => {
    const [event] = document.components.messages['WorkflowCompletedMessage']!.examples;
    const original = incoming(topics.lifecycle, event?.payload, event?.headers);
    await expectLetter('SubscriberDeadLetterMessage', { ...unhandled, original });
  });
});

/** @param name of the message whose example the letter is */
async function expectLetter(name: string, letter: DeadLetter): Promise<void> {
  const sent: OutgoingMessage[] = [];
  const letters = new DeadLetters({ send: (_, one) => Promise.resolve(void sent.push(one)) }, 'dead');
  await letters.send(letter);
  const [example] = document.components.messages[name]!.examples;
  expect(sent[0]?.headers).toEqual(example?.headers);
  expect(JSON.parse(String(sent[0]?.value))).toEqual(example?.payload);
}

describe('the events of runs', () => {
  const events = examples.filter(({ topic }) => topic === topics.lifecycle);

  it('are described one by one', () => {
    expect(events.map(({ name }) => name).sort()).toEqual(
      lifecycleCloudEventSchema.shape.type.options.map((type) => `${type}Message`).sort(),
    );
  });

  it.each(events)('$name lacks no member and has none of another type', ({ topic, example }) => {
    const event = example.payload as Record<string, unknown> & { data: Record<string, unknown> };
    const changes = [
      ...Object.keys(event).flatMap((member) => [undefined, [], 7].map((value) => ({ ...event, [member]: value }))),
      ...Object.keys(event.data).flatMap((member) =>
        [undefined, [], '', -1].map((value) => ({ ...event, data: { ...event.data, [member]: value } })),
      ),
    ];
    const headers = example.headers ?? {};
    for (const changed of changes.map((one) => JSON.parse(JSON.stringify(one)) as unknown)) {
      const read = readLifecycleMessage(incoming(topic, changed, headers));
      const refusal = 'deadLetter' in read ? read.deadLetter.message : null;
      // That two members say the same, no schema can say.
      if (refusal?.includes('is not that of') === true) continue;
      expect(describedAs(topic, headers, changed).length > 0, JSON.stringify(changed)).toBe(refusal === null);
    }
  });
});

it('every header of a dead letter is described', () => {
  const { properties } = document.components.schemas['SubscriberDeadLetterHeaders'] as { properties: object };
  expect(Object.keys(properties).sort()).toEqual(Object.values(deadLetterHeaders).sort());
});
