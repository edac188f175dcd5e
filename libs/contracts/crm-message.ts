/**
 * `crm.events`: CloudEvents 1.0, structured (one JSON document) or binary (attributes in `ce_…` headers, the value is
 * the data), or the plain envelope `{ id?, type, occurredAt?, brand?, login?, customerId?, causation?, data }`.
 * A CloudEvent names its brand by the extension attribute `brand` alone: a member of its data of that name means
 * something else, a card's brand, say. Login, customer and causes are the attributes `login`, `customerid` and
 * `causation`, or members of its data.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md and bindings/kafka-protocol-binding.md
 */
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { isJsonObject, type JsonObject } from '#libs/domain/json/json-object.ts';
import type { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { requestTrigger } from '#libs/domain/rules/process.ts';
import { findBrokerTopic } from '#libs/domain/events/triggers.ts';
import type { Origin } from './broker-message.ts';
import { readCustomerUpdate } from './customer-record.ts';
import { cloudEventMode, readAttributes } from './cloud-event.ts';
import type { IncomingMessage } from './message.ts';
import { describeKind, readLogin, readTextId, RecordCheck, textLimits } from './record-check.ts';

/** The plain envelope, as we write it ourselves. */
export interface CrmEnvelope {
  id: string;
  type: string;
  /** ISO 8601 UTC. */
  occurredAt: string;
  brand?: string;
  login?: number;
  customerId?: string;
  causation?: string[];
  data: Record<string, unknown>;
}

type Headers = IncomingMessage['headers'];

export function decodeCrmEvent(value: unknown, headers: Headers, origin: Origin, problems: ProblemList): PlatformEvent {
  const mode = cloudEventMode(headers);
  if (mode === 'binary') {
    return decodeCloudEvent({ ...readAttributes(headers, problems), data: value }, origin, problems);
  }
  if (!isJsonObject(value)) {
    problems.add('', 'wrong_type', `the message is ${describeKind(value)}: expected an object`);
    return emptyEvent(origin);
  }
  const isCloudEvent = mode === 'structured' || Object.hasOwn(value, 'specversion');
  return isCloudEvent ? decodeCloudEvent(value, origin, problems) : decodePlain(value, origin, problems);
}

/** What the event says of its customer, where its type is one that does. */
function readCustomer(
  trigger: string,
  data: JsonObject,
  { customerEvents }: Origin,
  problems: ProblemList,
): Pick<PlatformEvent, 'customer'> {
  const customer = readCustomerUpdate(trigger, data, customerEvents, problems);
  return customer === undefined ? {} : { customer };
}

/** The type of a CRM event. What the broker's own records mean is told by those, never by a name that anybody may use. */
function requiredTrigger(check: RecordCheck): string {
  const type = check.requiredName('type');
  const topic = findBrokerTopic(type);
  if (type === requestTrigger)
    check.fail('type', 'wrong_value', 'is the trigger of processes: only a request starts one');
  else if (topic !== null) check.fail('type', 'wrong_value', `is a trigger of ${topic}: publish the record there`);
  return type;
}

function decodePlain(message: JsonObject, origin: Origin, problems: ProblemList): PlatformEvent {
  const check = new RecordCheck(message, '', problems);
  const trigger = requiredTrigger(check);
  const data = check.requiredObject('data');
  return {
    id: check.name('id', textLimits.id) ?? origin.id,
    trigger,
    topic: origin.topic,
    occurredAt: check.time('occurredAt') ?? origin.occurredAt(),
    brand: check.name('brand') ?? null,
    login: check.counted('login') ?? null,
    customerId: check.id('customerId') ?? null,
    causation: check.causation('causation'),
    data,
    ...readCustomer(trigger, data, origin, problems),
  };
}

function decodeCloudEvent(event: JsonObject, origin: Origin, problems: ProblemList): PlatformEvent {
  const check = new RecordCheck(event, '', problems);
  const version = check.requiredName('specversion');
  if (version !== '' && version !== '1.0') check.fail('specversion', 'wrong_value', 'is not 1.0');
  const source = check.requiredName('source', textLimits.id);
  if (check.value('data_base64') !== undefined) {
    check.fail('data_base64', 'wrong_value', 'is not supported: send the data as a JSON object in data');
  }
  const data = check.value('data') === undefined ? {} : check.requiredObject('data');
  const trigger = requiredTrigger(check);
  return {
    id: check.requiredName('id', textLimits.id),
    source,
    trigger,
    topic: origin.topic,
    occurredAt: check.time('time') ?? origin.occurredAt(),
    brand: check.name('brand') ?? null,
    login: check.counted('login') ?? readLogin(own(data, 'login')),
    customerId: check.id('customerid') ?? readTextId(own(data, 'customerId')),
    causation: readCausation(event, data, problems),
    data,
    ...readCustomer(trigger, data, origin, problems),
  };
}

/** A list, or text with commas in between: attributes of CloudEvents cannot be lists. */
function readCausation(event: JsonObject, data: JsonObject, problems: ProblemList): string[] {
  const holder = event['causation'] === undefined ? data : event;
  const value = own(holder, 'causation');
  const list = typeof value === 'string' ? splitCausation(value) : value;
  return new RecordCheck({ causation: list }, holder === data ? 'data.' : '', problems).causation('causation');
}

/** @returns the ids in a text with commas in between */
export function splitCausation(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function own(record: JsonObject, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Stands in for an event whose problems are being reported. */
function emptyEvent({ topic, id, occurredAt }: Origin): PlatformEvent {
  return {
    id,
    trigger: null,
    topic,
    occurredAt: occurredAt(),
    brand: null,
    login: null,
    customerId: null,
    causation: [],
    data: {},
  };
}
