/** Webhook subscriptions as the API answers with them; secrets are shown once. */
import { z } from 'zod';
import { lifecycleTypes } from '#libs/domain/runs/lifecycle-log.ts';
import { subscriptionFormats } from '#libs/domain/subscriptions/subscription.ts';
import { nextCursor, time } from '../openapi/shared.schema.ts';

const type = z.enum(lifecycleTypes);

const subscriptionSchema = z
  .object({
    subscription_id: z.string(),
    name: z.string(),
    url: z.string(),
    types: z.array(type).nullable().meta({ description: 'The only events it is sent; null = all five' }),
    rule_id: z.string().nullable().meta({ description: 'The only rule whose runs it is sent; null = all' }),
    brands: z.array(z.string()).nullable().meta({ description: 'The only brands whose runs it is sent; null = all' }),
    format: z.enum(subscriptionFormats),
    status: z.enum(['active', 'paused', 'disabled']),
    disabled_reason: z
      .enum(['gone', 'failing'])
      .nullable()
      .meta({ description: 'The receiver answered 410, or failed for too long' }),
    created_at: time,
    created_by: z.string(),
    updated_at: time,
    failures: z.int().meta({ description: 'Failures in a row, each 12 hours or more behind the one before' }),
    failed_at: time.nullable(),
    not_before: time.nullable().meta({ description: 'Until then the receiver asked to be left alone' }),
  })
  .meta({ id: 'Subscription' });

const attemptSchema = z
  .object({
    attempt_id: z.string(),
    event_id: z.string(),
    run_id: z.string(),
    sequence: z.int(),
    type,
    at: time,
    number: z.int().meta({ description: '1 for the first attempt at this event' }),
    outcome: z.enum(['delivered', 'failed']),
    status: z.int().nullable().meta({ description: 'HTTP status; null without an answer' }),
    error: z.string().nullable(),
    excerpt: z.string().meta({ description: 'The beginning of the answer, masked' }),
    duration_ms: z.int(),
    next_at: time.nullable().meta({ description: 'When the next attempt follows; null = none is to' }),
  })
  .meta({ id: 'DeliveryAttempt' });

const pendingSchema = z
  .object({
    run_id: z.string(),
    next_at: time
      .nullable()
      .meta({ description: 'When the first event is tried; null = once the subscription is active' }),
    events: z.array(
      z.object({
        event_id: z.string(),
        sequence: z.int(),
        since: time.meta({ description: 'Since when it is tried' }),
        attempts: z.int().meta({ description: 'Attempts that have failed' }),
      }),
    ),
  })
  .meta({ id: 'PendingDelivery' });

const runDeliverySchema = z
  .object({
    subscription_id: z.string(),
    name: z.string(),
    status: z.enum(['active', 'paused', 'disabled']),
    waiting: z.array(z.string()).meta({ description: 'Ids of the events that are still to be delivered' }),
    next_at: time.nullable().meta({ description: 'When the first of them is tried' }),
    attempts: z.array(attemptSchema).meta({ description: 'By event, of each the latest 20, newest first' }),
  })
  .meta({ id: 'RunDelivery' });

const testSchema = z
  .object({
    is_delivered: z.boolean(),
    at: time,
    duration_ms: z.int(),
    status: z.int().nullable().meta({ description: 'HTTP status; null without an answer' }),
    error: z.string().nullable(),
    excerpt: z.string().meta({ description: 'The beginning of the answer, masked' }),
  })
  .meta({ id: 'SubscriptionTest' });

const secret = z.string().meta({ description: 'The secret itself; it is never shown again' });

export const subscriptionAnswer = z.object({ subscription: subscriptionSchema });
export const subscriptionsAnswer = z.object({ subscriptions: z.array(subscriptionSchema), next_cursor: nextCursor });
export const withSecretAnswer = z.object({ subscription: subscriptionSchema, secret });
export const deletedSubscriptionAnswer = z.object({ subscription_id: z.string() });
export const testAnswer = z.object({ test: testSchema });
export const attemptsAnswer = z.object({ attempts: z.array(attemptSchema), next_cursor: nextCursor });
export const pendingAnswer = z.object({ pending: z.array(pendingSchema), next_cursor: nextCursor });
export const runDeliveriesAnswer = z.object({ deliveries: z.array(runDeliverySchema) });
export const resentAnswer = z.object({ event_id: z.string() });
export const redeliveryAnswer = z.object({
  redelivery_id: z.string(),
  range_size: z
    .int()
    .meta({ description: 'Events of the range; those the subscription is not for are left out as it goes on' }),
});

export type TestView = z.output<typeof testSchema>;
export type AttemptView = z.output<typeof attemptSchema>;
export type RunDeliveryView = z.output<typeof runDeliverySchema>;
export type PendingView = z.output<typeof pendingSchema>;
