/** What rules made, or would make, of an event, as the API answers. */
import { z } from 'zod';
import type { Operator } from '#libs/domain/rules/rule.ts';
import { ruleStatuses } from '#libs/domain/rules/rule.ts';
import { operators } from '#libs/domain/conditions/operators.ts';
import { json, time } from '../openapi/shared.schema.ts';
import { runSchema } from '../runs/run.schema.ts';
import { whatIfNoteSchema } from './what-if-note.ts';

export const operatorCode = z.enum(operators.map(({ code }) => code) as [Operator, ...Operator[]]);

const conditionVerdictSchema = z
  .object({
    path: z.string().meta({ description: 'In the rule, such as conditions.rules[0]' }),
    holds: z.boolean(),
    kind: z.enum(['all', 'any', 'not']).optional().meta({ description: 'Of a group or NOT' }),
    field: z.string().optional(),
    operator: operatorCode.optional(),
    wanted: json.optional(),
    seen: json.optional().meta({ description: 'Masked; null where the field has no value' }),
  })
  .meta({ id: 'ConditionVerdict' });

const explanationFields = {
  rule_id: z.string(),
  rule_name: z.string(),
  version: z.int(),
  status: z.enum(ruleStatuses),
  brand: z.string().nullable(),
  priority: z.int(),
  verdict: z.enum(['runs', 'shadow', 'stopped', 'no_match', 'not_in_use', 'unusable']),
  matches: z.boolean().meta({ description: 'Whether its conditions hold' }),
  order: z.int().nullable().meta({ description: '1 for the first rule to run; null for one that does not' }),
  stopped_by: z.string().nullable().meta({ description: 'The rule whose stop_after holds it back' }),
  actions: json.meta({ description: 'What it does, references filled in, masked' }),
  conditions: z.array(conditionVerdictSchema),
  truncated: z.boolean().meta({ description: 'Whether it has more conditions than are shown' }),
};

const ruleExplanationSchema = z.object(explanationFields).meta({ id: 'RuleExplanation' });

export const whatIfAnswer = z.object({
  event: z.object({ id: z.string(), trigger: z.string(), occurred_at: time }),
  brand: z.string().nullable().meta({ description: 'Null: none can be resolved' }),
  login: z.int().nullable(),
  customer_id: z.string().nullable(),
  starts_nothing: z.boolean().meta({
    description:
      'Whether no rule runs, although one may match: the event is of the trading platform, and its account, which names its brand, is not known',
  }),
  rules: z.array(ruleExplanationSchema),
  notes: z.array(whatIfNoteSchema),
});

const eventExplanationSchema = z
  .object({
    trigger: z.string(),
    brand: z.string().nullable(),
    at: time.meta({ description: 'When the rules were held against it' }),
    outcome: z.enum(['matched', 'no_match', 'loop']),
    rules: z.array(
      z.object({
        ...explanationFields,
        run: runSchema
          .pick({ run_id: true, status: true, reason: true })
          .nullable()
          .meta({ description: 'What became of it; null where there is no run' }),
      }),
    ),
    truncated: z.boolean().meta({ description: 'Whether more rules were considered than are shown' }),
  })
  .meta({ id: 'EventExplanation' });

/** Events of several origins may carry one id: they come in the order of their times. */
export const explanationsAnswer = z.object({ event_id: z.string(), events: z.array(eventExplanationSchema) });

export type WhatIfAnswer = z.output<typeof whatIfAnswer>;
export type Explanation = z.output<typeof eventExplanationSchema>;
export type EventExplanations = z.output<typeof explanationsAnswer>;
