/** What a change of a rule would mean, as the API answers. */
import { z } from 'zod';
import { backtestSchema } from '../backtests/backtest.schema.ts';
import { problemSchema } from '../openapi/shared.schema.ts';
import { changeSchema } from '../rules/rule.schema.ts';

const namedRulesSchema = z
  .object({
    count: z.int(),
    rules: z
      .array(z.object({ rule_id: z.string(), rule_name: z.string() }))
      .meta({ description: 'By priority, up to 10' }),
  })
  .meta({ id: 'NamedRules' });

const impactSchema = z
  .object({
    changes: z.array(changeSchema).meta({ description: 'What would be different from what is stored' }),
    warnings: z.array(problemSchema).meta({ description: 'Rules it would contradict or start, itself included' }),
    held_back_by: namedRulesSchema.meta({
      description: 'Active rules with stop_after that run before it and may match its events: it never sees those',
    }),
    holds_back: namedRulesSchema.meta({
      description: 'Active rules behind it that may match its events, where it has stop_after: they never see those',
    }),
    runs: z
      .object({ running: z.int(), paused: z.int(), held: z.int() })
      .meta({ description: 'Under way: they go on with the version they began with. Counted up to 500' }),
    backtest: backtestSchema.nullable().meta({ description: 'Ask for it until it has ended' }),
  })
  .meta({ id: 'RuleImpact' });
export const impactAnswer = z.object({ impact: impactSchema });

export type ImpactView = z.output<typeof impactSchema>;
