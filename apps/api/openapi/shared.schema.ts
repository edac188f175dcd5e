/** Parts that the answers of several resources have in common. */
import { z } from 'zod';
import type { ConditionNode, RuleAction, Span } from '#libs/domain/rules/rule.ts';

/** ISO 8601 UTC. */
export const time = z.string().meta({ format: 'date-time' });

/** The `cursor` of the next page; null on the last one. */
export const nextCursor = z.string().nullable();

export const problemSchema = z
  .object({
    path: z.string().meta({ description: 'Where it is, such as actions[0].params.url' }),
    code: z.string(),
    message: z.string(),
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
