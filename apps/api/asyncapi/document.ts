/**
 * Every topic of Kafka that signalbox reads or writes, as AsyncAPI 3. Contracts are the zod schemas of `libs`: those
 * that read and write messages, and those that are held against what reads them by hand.
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
import { topics } from '#libs/domain/events/platform-event.ts';
import type { JsonSchema } from '#libs/domain/validation/rule-json-schema.ts';
import { packageVersion } from '../openapi/json-schema.ts';
import type { MessageExample } from './examples.ts';
import { lifecycleMessages, messages, type MessageDescription } from './messages.ts';
import { describeContracts, refTo } from './schemas.ts';

export interface Reference {
  $ref: string;
}

export interface AsyncApiMessage {
  name: string;
  title: string;
  summary: string;
  description: string;
  contentType: string;
  headers?: Reference;
  payload: Reference;
  bindings: { kafka: { key: Reference; bindingVersion: string } };
  examples: MessageExample[];
}

export interface AsyncApiChannel {
  address: string;
  title: string;
  description: string;
  messages: Record<string, Reference>;
  bindings: { kafka: { topic: string; bindingVersion: string } };
}

export interface AsyncApiOperation {
  action: 'send' | 'receive';
  channel: Reference;
  title: string;
  description: string;
  messages: Reference[];
}

export interface AsyncApiDocument {
  asyncapi: string;
  id: string;
  info: { title: string; version: string; description: string; license: { name: string; url: string } };
  defaultContentType: string;
  channels: Record<string, AsyncApiChannel>;
  operations: Record<string, AsyncApiOperation>;
  components: { messages: Record<string, AsyncApiMessage>; schemas: Record<string, JsonSchema> };
}

const bindingVersion = '0.5.0';

const channels = {
  tradePush: channel(topics.trade, 'Trades of the broker', 'Written by the broker, read by signalbox.', [
    'TradePushMessage',
  ]),
  accountPush: channel(topics.account, 'Accounts of the broker', 'Written by the broker, read by signalbox.', [
    'AccountPushMessage',
  ]),
  crmEvents: channel(
    topics.crm,
    'Events of the CRM',
    'Written by the CRM and by signalbox, read by signalbox. An event comes in one of three forms, told apart by its headers and members.',
    ['CrmEventMessage', 'CloudEventStructuredMessage', 'CloudEventBinaryMessage'],
  ),
  workflowLifecycle: channel(
    topics.lifecycle,
    'Events of runs',
    'Written by signalbox alone. What a run publishes about itself: its begin, its pauses, its end.',
    lifecycleMessages,
  ),
  deadLetters: channel(
    topics.deadLetter,
    'Dead letters',
    'Written by signalbox. Messages of the topics that it reads, which it could not process.',
    ['DeadLetterMessage'],
  ),
  lifecycleDeadLetters: channel(
    topics.lifecycleDeadLetter,
    'Dead letters of subscribers',
    'Written by services whose handlers are called with the events of runs; for those who run these services.',
    ['SubscriberDeadLetterMessage'],
  ),
};

const received =
  'At least once: the offset moves when the message has been dealt with, so a message may be read again. ' +
  'What makes that harmless is its id, which names the event together with its topic and stated origin; a message ' +
  'without one is named by its place in Kafka. Messages of one partition are taken in order. A message that breaks ' +
  'its contract goes to the dead letters, and the partition goes on.';

const operations: Record<string, AsyncApiOperation> = {
  receiveTradePush: operation('receive', 'tradePush', 'Read trades', received),
  receiveAccountPush: operation('receive', 'accountPush', 'Read accounts', received),
  receiveCrmEvents: operation('receive', 'crmEvents', 'Read events of the CRM', received),
  sendCrmEvents: operation(
    'send',
    'crmEvents',
    'Write what actions changed',
    'At least once, in the plain envelope: an event published again has the same id. Events about one customer keep ' +
      'their order. `causation` names the events that led to this one; rules follow one another over at most five.',
    ['CrmEventMessage'],
  ),
  sendWorkflowLifecycle: operation(
    'send',
    'workflowLifecycle',
    'Write the events of runs',
    'At least once, in order for each run: an event published again has the same id and the same bytes. ' +
      '`data.sequence` counts the events of a run from 0 without a gap, so a reader knows what he has seen and what he ' +
      'misses; the attribute `sequence` is the same number as a text of ten digits. A run has one end.',
  ),
  receiveWorkflowLifecycle: operation(
    'receive',
    'workflowLifecycle',
    'Keep the events of runs',
    'At least once, by the process `delivery`: it keeps each event once, under its id, and the API reads them again. ' +
      'What is no event of a run goes to the dead letters.',
  ),
  sendDeadLetters: operation(
    'send',
    'deadLetters',
    'Write dead letters',
    'At least once. Every in-sync replica has the letter before the offset of its message moves.',
  ),
  sendLifecycleDeadLetters: operation(
    'send',
    'lifecycleDeadLetters',
    'Write dead letters of subscribers',
    'At least once, by the handlers of a service (`docs/events.md`): one letter for each handler that could not handle ' +
      'the event.',
  ),
};

/** The same wherever it is made: it depends on nothing but the code. */
export function asyncApiDocument(): AsyncApiDocument {
  const all = Object.values(messages);
  const contracts = all.flatMap(({ payload, headers, key }) => [
    payload,
    key,
    ...(headers === undefined ? [] : [headers]),
  ]);
  return {
    asyncapi: '3.0.0',
    id: 'urn:signalbox:events',
    info: {
      title: 'signalbox events',
      version: packageVersion(),
      description:
        'What signalbox reads from Kafka and writes to it. Topics have the prefix of the installation ' +
        '(`KAFKA_TOPIC_PREFIX`) in front. Every value of a message that is read is JSON in UTF-8, of at most ' +
        '`MAX_MESSAGE_BYTES` bytes and `MAX_MESSAGE_DEPTH` levels; in it null says what an absent member says, and ' +
        'members that are not named pass through. Lengths count characters of UTF-16. A number beyond ' +
        '9007199254740991 is refused wherever it stands: write it as a text.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: {
      messages: Object.fromEntries(Object.entries(messages).map(([name, one]) => [name, toMessage(name, one)])),
      schemas: describeContracts(contracts),
    },
  };
}

function toMessage(name: string, described: MessageDescription): AsyncApiMessage {
  const { title, summary, description, contentType, headers, payload, key, examples } = described;
  return {
    name,
    title,
    summary,
    description,
    contentType,
    ...(headers !== undefined && { headers: refTo(headers) }),
    payload: refTo(payload),
    bindings: { kafka: { key: refTo(key), bindingVersion } },
    examples,
  };
}

function channel(topic: string, title: string, description: string, names: readonly string[]): AsyncApiChannel {
  return {
    address: topic,
    title,
    description,
    messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: { kafka: { topic, bindingVersion } },
  };
}

/** @param names of the messages; left out: all of the channel */
function operation(
  action: AsyncApiOperation['action'],
  name: keyof typeof channels,
  title: string,
  description: string,
  names: readonly string[] = Object.keys(channels[name].messages),
): AsyncApiOperation {
  const $ref = `#/channels/${name}`;
  return {
    action,
    channel: { $ref },
    title,
    description,
    messages: names.map((message) => ({ $ref: `${$ref}/messages/${message}` })),
  };
}
