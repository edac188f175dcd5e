/** Requests about workflow webhooks. */
import { z } from 'zod';
import { findBrokerTopic } from '#libs/domain/events/triggers.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { ruleIdExpected, ruleIdPattern } from '#libs/domain/rules/rule.ts';
import {
  eventTypePattern,
  maxEventTypeLength,
  tokenExchanges,
} from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { line } from './line.ts';
import { oneOfText, page } from './list-query.schema.ts';

const maxEventTypes = 200;
const maxRate = 1_000_000;
const maxOverlapHours = 24 * 365;

const eventType = line(maxEventTypeLength).regex(eventTypePattern, {
  error: 'must be words with dots between them, such as user.registered',
});
const trigger = line(ruleLimits.triggerEvent).superRefine((name, context) => {
  const topic = findBrokerTopic(name);
  if (topic !== null)
    context.addIssue({ code: 'custom', message: `is a trigger of ${topic}, whose records alone fire it` });
});

const changeable = {
  name: line(ruleLimits.name),
  description: z.string().max(ruleLimits.description, `must not be longer than ${ruleLimits.description} characters`),
  /** Left out or null: found by the event's trading account. */
  brand: line(ruleLimits.brand).nullable(),
  enabled: z.boolean(),
  token_exchange: oneOfText(tokenExchanges),
  /** Trigger of each type that is called otherwise outside; other types keep their name. */
  event_types: z
    .record(eventType, trigger)
    .refine((types) => Object.keys(types).length <= maxEventTypes, `must be ${maxEventTypes} or fewer`),
  /** Events a minute; null: as many as come. */
  rate_limit: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(maxRate, `must be at most ${maxRate}`)
    .nullable(),
};

export const addWebhookBody = z
  .strictObject({
    /** Part of its addresses. */
    id: z.string().regex(ruleIdPattern, ruleIdExpected),
    name: changeable.name,
    description: changeable.description.default(''),
    /** Left out: null, or the brand of a session that is for one alone. */
    brand: changeable.brand.optional(),
    enabled: changeable.enabled.default(true),
    token_exchange: changeable.token_exchange.default('required'),
    /** Left out: `user.registered` → `customer.registered` and the like. */
    event_types: changeable.event_types.optional(),
    rate_limit: changeable.rate_limit.default(null),
  })
  .meta({ examples: [{ id: 'registrations', name: 'Registrations of the broker', brand: 'alpha' }] });

/** What is left out stays as it is. */
export const updateWebhookBody = z
  .strictObject({
    name: changeable.name.optional(),
    description: changeable.description.optional(),
    brand: changeable.brand.optional(),
    enabled: changeable.enabled.optional(),
    token_exchange: changeable.token_exchange.optional(),
    event_types: changeable.event_types.optional(),
    rate_limit: changeable.rate_limit.optional(),
    /** As it was read: refused when it was changed since. Left out: as it is now. */
    version: z.int('must be a whole number').optional(),
  })
  .meta({ examples: [{ enabled: false }] });

export const rotateWebhookKeyBody = z
  .strictObject({
    /** How long the keys before it stay valid; 0 ends them at once. Left out: WEBHOOK_KEY_OVERLAP_HOURS. */
    overlap_hours: z
      .number('must be a number of hours')
      .min(0, 'must not be negative')
      .max(maxOverlapHours, `must be at most ${maxOverlapHours}`)
      .optional(),
  })
  .meta({ examples: [{ overlap_hours: 1 }] });

export const webhooksQuery = z.strictObject({ ...page });

export type AddWebhookBody = z.output<typeof addWebhookBody>;
export type UpdateWebhookBody = z.output<typeof updateWebhookBody>;
export type RotateWebhookKeyBody = z.output<typeof rotateWebhookKeyBody>;
export type WebhooksQuery = z.output<typeof webhooksQuery>;
