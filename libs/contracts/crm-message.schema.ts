/** `crm.events` as schemas, in each form it may have. `crm-message.ts` reads it by hand; a test holds the two together. */
import { z } from 'zod';
import { findBrokerTopic, knownTriggers } from '#libs/domain/events/triggers.ts';
import { withConditions, type Condition } from './conditional.schema.ts';
import { isStructuredType, structuredType } from './cloud-event.ts';
import { splitCausation } from './crm-message.ts';
import { customerEvents } from './customer-record.ts';
import { customerChange, customerPart, registeredCustomer, statusChange } from './customer-record.schema.ts';
import { absent, causation, eventId, eventTime, key, login, textId } from './member.schema.ts';
import { nameIssue, textLimits } from './record-check.ts';

const brokerTriggers = knownTriggers.map(({ name }) => name).filter((name) => findBrokerTopic(name) !== null);

const eventType = key()
  .refine((type) => findBrokerTopic(type) === null)
  .meta({
    id: 'EventType',
    not: { enum: brokerTriggers },
    description: 'The trigger of rules. Triggers of broker records are refused here: those come from their own topics.',
    examples: ['customer.deposited'],
  });

const registered = 'customer.registered';
const ofType = (type: string): z.ZodType => z.looseObject({ type: z.literal(type) });
const ofOtherType = z.looseObject({
  type: z
    .string()
    .refine((type) => type !== registered)
    .meta({ not: { const: registered } }),
});
const withData = (data: z.ZodType): z.ZodType => z.looseObject({ data: data.nullish() });

/** What data has to be like where its event says how a customer is now. */
const customerConditions: Condition[] = [
  { where: ofType(registered), holds: withData(registeredCustomer) },
  { where: ofOtherType, holds: withData(z.looseObject({ customer: customerPart.optional() })) },
  ...Object.entries(customerEvents)
    .filter(([type]) => type !== registered)
    .map(([type, members]) => ({ where: ofType(type), holds: withData(customerChange(type, members)) })),
  { where: ofType('customer.status_changed'), holds: withData(statusChange) },
];

const data = z.looseObject({}).meta({
  id: 'EventData',
  description: 'What conditions see as `event.*`. A part `customer` of it says how the customer is now.',
});

/** The plain envelope. */
export const crmEventSchema = withConditions(
  z.looseObject({
    specversion: absent,
    id: eventId.nullish(),
    type: eventType,
    occurredAt: eventTime.nullish(),
    brand: key().nullish(),
    login: login.nullish(),
    customerId: textId.nullish(),
    causation: causation.nullish(),
    data,
  }),
  customerConditions,
  { id: 'CrmEvent' },
);

const causationText = z
  .string()
  .refine((text) => {
    const ids = splitCausation(text);
    return ids.length <= textLimits.causation && ids.every((id) => nameIssue(id, textLimits.id) === null);
  })
  .meta({
    id: 'CausationText',
    description: 'Ids of the events that led to this one, oldest first, with commas between.',
  });

const anyCausation = z.union([causation, causationText]).nullish();

const attributes = {
  specversion: z.literal('1.0'),
  id: eventId,
  source: key(textLimits.id).describe('Where it comes from; an event is unique by its source and id.'),
  type: eventType,
  time: eventTime.nullish(),
  brand: key().nullish().describe('Extension attribute. The data names no brand.'),
};

export const cloudEventSchema = withConditions(
  z.looseObject({
    ...attributes,
    login: login.nullish().describe('Extension attribute; or a member of the data.'),
    customerid: textId.nullish().describe('Extension attribute; or `customerId` of the data.'),
    causation: anyCausation.describe('Extension attribute; or a member of the data.'),
    data: data.nullish(),
    data_base64: z.null().optional().describe('Data in base64 is refused.'),
  }),
  [
    ...customerConditions,
    { where: z.looseObject({ causation: absent }), holds: withData(z.looseObject({ causation: anyCausation })) },
  ],
  { id: 'CloudEvent', description: 'CloudEvents 1.0 in structured mode.' },
);

/** Data of a CloudEvent in binary mode: the whole value of its message. */
export const cloudEventDataSchema = data.nullable().meta({ id: 'CloudEventData' });

/** In either case of its letters. */
const structuredPattern = `^\\s*${structuredType.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)}`;
const structuredContentType = z.string().refine(isStructuredType).meta({ pattern: structuredPattern });
const otherContentType = z
  .string()
  .refine((text) => !isStructuredType(text))
  .meta({ not: { pattern: structuredPattern } });

/** Attributes of a CloudEvent in binary mode, each after `ce_`, as the headers' texts. */
export const cloudEventHeadersSchema = z
  .looseObject({
    'content-type': otherContentType.optional(),
    ce_specversion: attributes.specversion,
    ce_id: attributes.id,
    ce_source: attributes.source,
    ce_type: attributes.type,
    ce_time: eventTime.optional(),
    ce_brand: key().optional(),
    ce_login: z
      .string()
      .regex(/^\d{1,15}$/)
      .optional(),
    ce_customerid: key().optional(),
    ce_causation: causationText.optional(),
    ce_data_base64: absent,
  })
  .meta({ id: 'CloudEventHeaders', description: 'Attributes of the CloudEvent as headers in UTF-8.' });

/** Headers of a structured CloudEvent: its content type decides, else `specversion` in its value. */
export const structuredHeadersSchema = withConditions(
  z.looseObject({
    'content-type': z
      .string()
      .optional()
      .meta({ examples: ['application/cloudevents+json; charset=UTF-8'] }),
  }),
  [
    {
      where: z.looseObject({ ce_specversion: z.string() }),
      holds: z.looseObject({ 'content-type': structuredContentType }),
    },
  ],
  { id: 'StructuredHeaders' },
);

/** Headers of the plain envelope, which needs none. */
export const plainHeadersSchema = z
  .looseObject({ 'content-type': otherContentType.optional(), ce_specversion: absent })
  .meta({ id: 'PlainHeaders', description: 'None is needed.' });
