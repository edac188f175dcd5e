/** What a rule may consist of, as the API answers. */
import { z } from 'zod';
import { operatorCode } from '../explain/explanation.schema.ts';

const fieldType = z.enum(['string', 'number', 'integer', 'boolean', 'id', 'any']);

const triggerSchema = z
  .object({
    name: z.string(),
    source: z.string().meta({ description: 'Topic its events come from' }),
    description: z.string(),
    fields: z
      .array(z.object({ path: z.string(), type: z.enum(['string', 'number', 'boolean']) }))
      .optional()
      .meta({ description: 'Of one that was observed: what its first event carried beyond the fields known anyway' }),
    roots: z
      .array(z.string())
      .meta({ description: 'First steps of the fields that its events have, those that tell most first' }),
  })
  .meta({ id: 'Trigger' });

const fieldSchema = z
  .object({
    path: z.string(),
    type: fieldType,
    unit: z.string().optional(),
    values: z.array(z.object({ value: z.union([z.string(), z.number()]), label: z.string() })).optional(),
    description: z.string(),
  })
  .meta({ id: 'Field' });

const operatorSchema = z
  .object({
    code: operatorCode,
    value_shape: z.enum(['scalar', 'number_or_date', 'array', 'string', 'pair', 'none', 'pattern']),
    types: z.array(fieldType).readonly(),
    description: z.string(),
  })
  .meta({ id: 'Operator' });

const actionParamSchema = z
  .object({
    name: z.string(),
    type: z.enum(['string', 'integer', 'number', 'boolean', 'id', 'headers', 'object']),
    required: z.boolean(),
    description: z.string(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    min: z.number().optional().meta({ description: 'Least number, or least length of a text' }),
    max: z.number().optional().meta({ description: 'Greatest number, or greatest length of a text' }),
    clamped: z.boolean().optional().meta({ description: 'Numbers beyond min and max act as those' }),
    values: z.array(z.string()).readonly().optional(),
    refers_to: z.string().optional().meta({ description: 'What it names in the directory' }),
    holds: z.enum(['url', 'content']).optional(),
    shape: z.enum(['span', 'approvers']).optional().meta({
      description: 'Of an object: a length of time { value, unit }, or { roles, users, manager_of_customer }',
    }),
    choices: z
      .array(z.object({ value: z.union([z.string(), z.number()]), label: z.string() }))
      .optional()
      .meta({ description: 'Those that there are; another text is no issue by itself' }),
  })
  .meta({ id: 'ActionParam' });

const actionTypeSchema = z
  .object({
    type: z.string(),
    description: z.string(),
    params: z.array(actionParamSchema),
    open_params: z.boolean().optional().meta({ description: 'Parameters beyond those listed are let through' }),
    runtime_enabled: z.boolean().meta({ description: 'False: rules may hold it, runs pass over it' }),
    reason: z.string().optional().meta({ description: 'Why it is not enabled' }),
  })
  .meta({ id: 'ActionType' });

export const registryAnswer = z.object({
  triggers: z.array(triggerSchema),
  fields: z.array(fieldSchema),
  operators: z.array(operatorSchema).readonly(),
  actions: z.array(actionTypeSchema),
  brands: z.array(z.string()).meta({ description: 'That rules may be for' }),
  roles: z.array(z.string()).readonly().meta({ description: 'That approvals may ask' }),
});

export type Registry = z.output<typeof registryAnswer>;
