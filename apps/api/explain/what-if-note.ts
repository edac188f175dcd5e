/** What an answer about an event leaves open: a stable code, the values it is about, and an English sentence of both. */
import { z } from 'zod';
import { time } from '../openapi/shared.schema.ts';

export const whatIfNoteCodes = [
  'guards_not_asked',
  'directory_as_now',
  'too_many_accounts',
  'no_brand',
  'starts_nothing',
  'as_recorded',
  'no_customer_recorded',
  'several_events',
  'rules_cut_off',
  'other_trigger',
  'other_brand',
] as const;

const params = z
  .object({
    at: time.meta({ description: 'When it was recorded' }),
    count: z.int().meta({ description: 'How many events carry the id' }),
    max: z.int().meta({ description: 'How many rules are looked at' }),
    rule: z.string().meta({ description: 'The trigger or the brand of the rule that was given' }),
    event: z.string().nullable().meta({ description: 'That of the event; null: of no brand' }),
  })
  .partial();

export const whatIfNoteSchema = z
  .object({
    code: z.enum(whatIfNoteCodes),
    message: z.string(),
    params: params.optional().meta({ description: 'The values that the message holds' }),
  })
  .meta({ id: 'WhatIfNote', description: 'What the answer leaves open' });

export type WhatIfNote = z.output<typeof whatIfNoteSchema>;
type Code = WhatIfNote['code'];
type Params = NonNullable<WhatIfNote['params']>;

const messages: Record<Code, (params: Params) => string> = {
  guards_not_asked: () => 'The guards re_enroll and limit are not asked.',
  directory_as_now: () => 'The directory is read as it is now.',
  too_many_accounts: () => 'The customer has more accounts than CUSTOMER_ACCOUNTS_MAX.',
  no_brand: () => 'No brand can be resolved for the event: only rules of no brand may run.',
  starts_nothing: () => 'No brand can be resolved for the event: it starts nothing.',
  as_recorded: ({ at }) => `Conditions see what was recorded at ${at}.`,
  no_customer_recorded: () => 'No customer was recorded: no rule asked for one then.',
  several_events: ({ count }) => `${count} events carry this id: the latest is looked at.`,
  rules_cut_off: ({ max }) => `Only the first ${max} rules were looked at.`,
  other_trigger: ({ rule, event }) => `Your rule is for ${rule}, the event is ${event}: it does not run.`,
  other_brand: ({ rule, event }) =>
    `Your rule is for brand "${rule}", the event is of ${event ?? 'none'}: it does not run.`,
};

/** @param given the values that the message of this code holds */
export function whatIfNote(code: Code, given?: Params): WhatIfNote {
  return { code, message: messages[code](given ?? {}), ...(given !== undefined && { params: given }) };
}
