/** Processes as the API answers with them. */
import { z } from 'zod';
import { ruleStatuses } from '#libs/domain/rules/rule.ts';
import { processSchema } from '../rules/rule.schema.ts';

const listedProcessSchema = z
  .object({
    number: z.int().meta({ description: 'Unique, for ever' }),
    process_id: z.string().meta({ description: 'By which incoming webhooks name it: Base64 of Process:{number}' }),
    rule_id: z.string(),
    brand: z.string().nullable(),
    status: z.enum(ruleStatuses).meta({ description: 'Of the rule: only an active one is started' }),
    process: processSchema,
  })
  .meta({ id: 'Process' });

export const processesAnswer = z.object({ processes: z.array(listedProcessSchema) });

export type ProcessView = z.output<typeof listedProcessSchema>;
