/** How things stand, as the API answers with it. Each part says by itself whether it can be told. */
import { z } from 'zod';
import { time } from '../openapi/shared.schema.ts';

const state = z.enum(['known', 'unknown', 'withheld']).meta({
  description: 'unknown: what is asked for it is away or slow; withheld: the session may not know it',
});

const countSchema = z
  .object({
    state,
    count: z.int().nullable(),
    is_more: z.boolean().meta({ description: 'There are more than are counted' }),
  })
  .meta({ id: 'OverviewCount' });

const oldestWaitSchema = z
  .object({
    state,
    approval: z
      .object({
        asked_at: time,
        title: z.string(),
        run_id: z.string(),
        token: z.string().nullable().meta({ description: 'null for those who can do nothing with it' }),
      })
      .nullable()
      .meta({ description: 'null: nothing waits' }),
  })
  .meta({ id: 'OverviewWait' });

const lagSchema = z
  .object({
    state,
    events: z.int().nullable().meta({ description: 'Not processed yet' }),
    behind_seconds: z.int().nullable().meta({ description: 'Since the oldest of them, to about an eighth' }),
  })
  .meta({ id: 'OverviewLag' });

const overviewSchema = z
  .object({
    at: time,
    failed_from: time,
    running: countSchema,
    waiting: countSchema.meta({ description: 'Open approvals' }),
    held: countSchema,
    failed: countSchema.meta({ description: 'Failed runs that were decided since `failed_from`' }),
    oldest_wait: oldestWaitSchema,
    lag: lagSchema.meta({ description: 'Of the ingress; for sessions of all brands' }),
    failing_subscriptions: countSchema.meta({ description: 'Disabled, or active and failing; for SESSION_ADMIN' }),
  })
  .meta({ id: 'Overview' });

export const overviewAnswer = z.object({ overview: overviewSchema });

export type OverviewView = z.output<typeof overviewSchema>;
export type CountView = z.output<typeof countSchema>;
