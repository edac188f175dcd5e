/** Requests about webhook subscriptions. */
import { z } from 'zod';
import { lifecycleTypes } from '#libs/domain/runs/lifecycle-log.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { checkSecret } from '#libs/domain/subscriptions/subscription-secret.ts';
import { subscriptionFormats } from '#libs/domain/subscriptions/subscription.ts';
import { line } from './line.ts';
import { oneOfText, page, text, time } from './list-query.schema.ts';

const maxNameLength = 200;
const maxBrands = 100;
/** A secret of the most bytes takes 94 characters. */
const maxSecretLength = 100;

const some = <Item extends z.ZodType>(item: Item, most: number) =>
  z.array(item).min(1, 'must name one at least').max(most, `must be ${most} or fewer`);

const changeable = {
  /** What it is for. */
  name: line(maxNameLength),
  /** Where it may lead is decided by the settings: see `createUrlCheck`. */
  url: line(ruleLimits.url),
  /** Left out or null: all five. */
  types: some(oneOfText(lifecycleTypes), lifecycleTypes.length).nullish(),
  /** Left out or null: runs of all rules. */
  rule_id: text.nullish(),
};
const format = oneOfText(subscriptionFormats);

export const addSubscriptionBody = z
  .strictObject({
    ...changeable,
    /** Left out or null: all that its maker may see. */
    brands: some(line(ruleLimits.brand), maxBrands).nullish(),
    format: format.default('cloudevents'),
    /** Left out: one is drawn. */
    secret: line(maxSecretLength)
      .superRefine((secret, context) => {
        const issue = checkSecret(secret);
        if (issue !== null) context.addIssue({ code: 'custom', message: issue });
      })
      .optional(),
  })
  .meta({
    examples: [
      {
        name: 'billing',
        url: 'https://billing.example.com/hooks/signalbox',
        types: ['WorkflowCompleted', 'WorkflowFailed'],
      },
    ],
  });

/** What is left out stays as it is. Brands stay: who may see those of today may not see what was sent of others. */
export const updateSubscriptionBody = z.strictObject({
  ...changeable,
  name: changeable.name.optional(),
  url: changeable.url.optional(),
  format: format.optional(),
});

export const resendBody = z
  .strictObject({ event_id: z.guid('must be the id of an event') })
  .meta({ examples: [{ event_id: '5f0c6a3e-2a4b-8d1c-9e7f-0123456789ab' }] });

export const redeliverBody = z
  .strictObject({
    /** Events kept from this time on. */
    since: time.optional(),
    /** Instead: events behind this position. */
    after: line(20_000).optional(),
    /** Events kept before this time; left out: up to now. */
    until: time.optional(),
    /** Leaves out what the receiver has taken. */
    only_failed: z.boolean().default(false),
  })
  .superRefine(({ since, after, until }, context) => {
    const fail = (member: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [member], message });
    if ((since === undefined) === (after === undefined)) fail('since', 'must be given, or after instead of it');
    if (since !== undefined && until !== undefined && until <= since) fail('until', 'must be later than since');
  })
  .meta({
    oneOf: [{ required: ['since'] }, { required: ['after'] }],
    examples: [{ since: '2026-01-31T12:00:00Z', only_failed: true }],
  });

export const subscriptionsQuery = z.strictObject({ ...page });
export const attemptsQuery = z.strictObject({
  event_id: text.optional(),
  run_id: text.optional(),
  outcome: oneOfText(['delivered', 'failed']).optional(),
  ...page,
});
export const pendingDeliveriesQuery = z.strictObject({ ...page });

export type AddSubscriptionBody = z.output<typeof addSubscriptionBody>;
export type UpdateSubscriptionBody = z.output<typeof updateSubscriptionBody>;
export type ResendBody = z.output<typeof resendBody>;
export type RedeliverBody = z.output<typeof redeliverBody>;
export type PageQuery = z.output<typeof subscriptionsQuery>;
export type AttemptsQuery = z.output<typeof attemptsQuery>;
