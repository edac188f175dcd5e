/** What a change of a rule would mean, as the API answers. */
import { z } from 'zod';
import { backtestSchema } from '../backtests/backtest.schema.ts';
import { problemSchema } from '../openapi/shared.schema.ts';
import { changeSchema } from '../rules/rule.schema.ts';

const impactSchema = z
  .object({
    changes: z.array(changeSchema).meta({ description: 'What would be different from what is stored' }),
    warnings: z.array(problemSchema).meta({ description: 'Rules it would contradict or start, itself included' }),
    runs: z
      .object({ running: z.int(), paused: z.int(), held: z.int() })
      .meta({ description: 'Under way: they go on with the version they began with. Counted up to 500' }),
    backtest: backtestSchema.nullable().meta({ description: 'Ask for it until it has ended' }),
  })
  .meta({ id: 'RuleImpact' });
export const impactAnswer = z.object({ impact: impactSchema });

export type ImpactView = z.output<typeof impactSchema>;
