/** Keys of messages. Kafka keeps the order of messages that have the same one; signalbox reads no key. */
import { z } from 'zod';

export const accountKey = z.string().meta({
  id: 'AccountKey',
  description: 'The login as text: messages about one account are then in one partition, and so in order.',
  examples: ['500102'],
});

export const customerKey = z.string().meta({
  id: 'CustomerKey',
  description:
    'The id of the customer, else the login, else the id of the event: events about one customer are then in order.',
  examples: ['C-1001'],
});

export const runKey = z.string().meta({
  id: 'RunKey',
  description: 'The execution id: events of one run are in one partition, and so in order.',
});

export const originalKey = z.string().nullable().meta({
  id: 'OriginalKey',
  description: 'The key of the original message, byte for byte; none where Kafka did not take the whole message.',
});

export const lifecycleHeaders = z
  .looseObject({ 'content-type': z.string() })
  .meta({ id: 'LifecycleHeaders', examples: [{ 'content-type': 'application/cloudevents+json; charset=UTF-8' }] });

/** The value of a dead letter: any bytes. */
export const originalValue = z.unknown().meta({
  id: 'OriginalValue',
  description:
    'The value of the original message, byte for byte, so that it can be corrected and published again; it may be no ' +
    'JSON, or nothing. Where Kafka did not take it as a whole, it is cut short and a header says how long it was.',
});
