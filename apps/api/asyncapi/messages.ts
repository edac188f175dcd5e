/** Every message that is on a topic: its contract, its key, and what a reader or writer may rely on. */
import type { z } from 'zod';
import { accountPushSchema, tradePushSchema } from '#libs/contracts/broker-message.schema.ts';
import {
  cloudEventDataSchema,
  cloudEventHeadersSchema,
  cloudEventSchema,
  crmEventSchema,
  plainHeadersSchema,
  structuredHeadersSchema,
} from '#libs/contracts/crm-message.schema.ts';
import { lifecycleCloudEventSchemas } from '#libs/contracts/lifecycle.schema.ts';
import { deadLetterHeadersSchema, subscriberDeadLetterHeadersSchema } from '#libs/kafka/dead-letter.schema.ts';
import { lifecycleHeaders } from '#libs/lifecycle/publisher.ts';
import * as examples from './examples.ts';
import * as keys from './keys.schema.ts';

export interface MessageDescription {
  title: string;
  summary: string;
  description: string;
  contentType: string;
  payload: z.ZodType;
  headers?: z.ZodType;
  key: z.ZodType;
  examples: examples.MessageExample[];
}

const json = 'application/json';
const structured = 'application/cloudevents+json';

const lifecycleTexts: Record<string, [summary: string, description: string]> = {
  WorkflowStarted: ['A run began.', 'The first event of a run, `sequence` 0.'],
  WorkflowPaused: [
    'A run waits for an answer, or was paused by a person.',
    'Follows `WorkflowStarted`. The `WorkflowResumed` that ends it has the same `correlationToken`.',
  ],
  WorkflowResumed: ['A run goes on.', 'Ends the `WorkflowPaused` with the same `correlationToken`.'],
  WorkflowCompleted: ['A run ended well.', 'The last event of a run: it has this one or `WorkflowFailed`, never both.'],
  WorkflowFailed: [
    'A run ended in failure.',
    'The last event of a run. What Temporal ends from outside (terminated, timed out) is told within minutes.',
  ],
};

const lifecycle = lifecycleCloudEventSchemas.map((payload): [string, MessageDescription] => {
  const { value: type } = payload.shape.type;
  const [summary, description] = lifecycleTexts[type] ?? ['', ''];
  return [
    `${type}Message`,
    {
      title: type,
      summary,
      description: `${description} A CloudEvent 1.0 in structured mode. Published again, it has the same id and the same bytes.`,
      contentType: structured,
      payload,
      headers: keys.lifecycleHeaders,
      key: keys.runKey,
      examples: examples.lifecycleExamples(type, lifecycleHeaders),
    },
  ];
});

export const lifecycleMessages = lifecycle.map(([name]) => name);

/** By the names of their components. */
export const messages: Record<string, MessageDescription> = {
  TradePushMessage: {
    title: 'trade.push',
    summary: "A trade of the broker's platform was added, activated or closed.",
    description:
      'What `event` and `cmd` say together decides the trigger: `trade.opened`, `trade.closed`, `deposit.created` or ' +
      '`withdrawal.created`. Every other pair is read and starts nothing.',
    contentType: json,
    payload: tradePushSchema,
    key: keys.accountKey,
    examples: examples.tradeExamples,
  },
  AccountPushMessage: {
    title: 'account.push',
    summary: 'A trading account was added, changed or deleted.',
    description:
      '`EV_RECORD_ADD`, `EV_RECORD_UPDATE` and `EV_RECORD_DELETE` are the triggers `account:added`, `account:updated` ' +
      'and `account:deleted`, and keep the directory current. Every other event is read and starts nothing.',
    contentType: json,
    payload: accountPushSchema,
    key: keys.accountKey,
    examples: examples.accountExamples,
  },
  CrmEventMessage: {
    title: 'CRM event, plain',
    summary: 'Something happened to a customer, in an envelope of its own.',
    description:
      'Its type is the trigger. signalbox writes its own events so: what an action changed, under an id that an ' +
      'action carried out again repeats. Types that say how a customer is now keep the directory current; those of ' +
      '`CUSTOMER_EVENTS` are held to the same by the installation.',
    contentType: json,
    payload: crmEventSchema,
    headers: plainHeadersSchema,
    key: keys.customerKey,
    examples: examples.crmExamples,
  },
  CloudEventStructuredMessage: {
    title: 'CRM event, CloudEvent in structured mode',
    summary: 'A CloudEvent 1.0 whose value is the whole event.',
    description:
      'Known by a content type that begins with `application/cloudevents`, or by `specversion` in the value. Login, ' +
      'customer and causes are extension attributes or members of the data; the attribute comes first.',
    contentType: structured,
    payload: cloudEventSchema,
    headers: structuredHeadersSchema,
    key: keys.customerKey,
    examples: examples.structuredExamples,
  },
  CloudEventBinaryMessage: {
    title: 'CRM event, CloudEvent in binary mode',
    summary: 'A CloudEvent 1.0 whose value is the data; the attributes are headers.',
    description:
      'Known by the header `ce_specversion`. The data is held to the same rules as in structured mode, by the type ' +
      'that `ce_type` names.',
    contentType: json,
    payload: cloudEventDataSchema,
    headers: cloudEventHeadersSchema,
    key: keys.customerKey,
    examples: examples.binaryExamples,
  },
  ...Object.fromEntries(lifecycle),
  DeadLetterMessage: {
    title: 'Dead letter',
    summary: 'A message that could not be processed, with the reason and the place it came from.',
    description:
      'Written before the offset of the message moves, so none is lost; a message that is read again after a crash ' +
      'may have two letters, which name the same topic, partition and offset.',
    contentType: 'application/octet-stream',
    payload: keys.originalValue,
    headers: deadLetterHeadersSchema,
    key: keys.originalKey,
    examples: examples.deadLetterExamples,
  },
  SubscriberDeadLetterMessage: {
    title: 'Dead letter of a subscriber',
    summary: 'An event of a run that a handler of a service could not handle.',
    description:
      'Written before the offset of the event moves. Do not publish the value on `workflow.lifecycle` again: every ' +
      'group would get it.',
    contentType: 'application/octet-stream',
    payload: keys.originalValue,
    headers: subscriberDeadLetterHeadersSchema,
    key: keys.originalKey,
    examples: examples.subscriberDeadLetterExamples(lifecycleHeaders),
  },
};
