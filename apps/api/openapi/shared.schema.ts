/** Parts that the answers of several resources have in common. */
import { z } from 'zod';
import { expectations, patternFaults, problemCodes } from '#libs/domain/errors/problem-codes.ts';
import type { ConditionNode, RuleAction, Span } from '#libs/domain/rules/rule.ts';

/** ISO 8601 UTC. */
export const time = z.string().meta({ format: 'date-time' });

/** The `cursor` of the next page; null on the last one. */
export const nextCursor = z.string().nullable();

const problemParams = z
  .object({
    expected: z
      .enum(expectations)
      .optional()
      .meta({ description: 'What would be right, with min, max, values or type' }),
    name: z.string().optional().meta({ description: 'What it is about: a field, a trigger, an action' }),
    operator: z.string().optional(),
    fault: z.enum(patternFaults).optional().meta({ description: 'What keeps a text from being a pattern' }),
    part: z.string().optional().meta({ description: 'The part of the pattern that is wrong' }),
    type: z.string().optional().meta({ description: 'Of a field, or of an item of a process' }),
    values: z.array(z.string()).readonly().optional().meta({ description: 'What may stand there' }),
    value: z.string().optional().meta({ description: 'What is written, at odds with other_value' }),
    other_value: z.string().optional(),
    rules: z.array(z.string()).readonly().optional().meta({ description: 'Names of other rules' }),
    min: z.number().optional(),
    max: z.number().optional(),
    count: z.number().optional(),
  })
  .meta({ id: 'ProblemParams', description: 'Values that the message carries, for a text of your own' });

export const problemSchema = z
  .object({
    path: z.string().meta({ description: 'Where it is, such as actions[0].params.url' }),
    code: z.enum(problemCodes).meta({ description: 'Stable' }),
    message: z.string().meta({ description: 'In English, for people' }),
    params: problemParams.optional(),
  })
  .meta({ id: 'Problem' });

/** Whatever JSON holds: values of events and rules. */
export const json = z.unknown();

/**
 * Parts of a rule, described by `rule-json-schema.ts` alone. The names are those of its parts; what they hold is read
 * by the validation of rules.
 */
export const conditionSchema = z.custom<ConditionNode>().meta({ id: 'Condition' });
export const actionSchema = z.custom<RuleAction>().meta({ id: 'Action' });
export const spanSchema = z.custom<Span>().meta({ id: 'Span' });
