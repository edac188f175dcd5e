/** Questions about what rules would do, or have done. */
import { z } from 'zod';
import { topics } from '#libs/domain/events/platform-event.ts';
import { oneOfText, text } from './list-query.schema.ts';
import { ruleExample, ruleInput } from './rule-input.ts';

const eventExample = {
  id: 'dep-1',
  type: 'customer.deposited',
  brand: 'alpha',
  customerId: 'c-1',
  data: { amount: 12_500 },
};

export const whatIfBody = z
  .strictObject({
    /** As it is published to the topic. */
    event: z.record(z.string(), z.unknown(), { error: 'must be an object: the event as it is published' }).optional(),
    /** Of an event that has happened, in place of `event`: its conditions see what was recorded then. */
    event_id: text.optional(),
    topic: oneOfText([topics.crm, topics.trade, topics.account]).default(topics.crm),
    /** A rule that is not stored, or in place of the stored one of its id; looked at as if it were active. */
    rule: ruleInput.optional(),
  })
  .refine(({ event, event_id }) => (event === undefined) !== (event_id === undefined), {
    path: ['event'],
    message: 'must be given, or event_id, and not both',
  })
  .meta({ minProperties: 1, examples: [{ event: eventExample, rule: ruleExample }] });

export type WhatIfBody = z.output<typeof whatIfBody>;
