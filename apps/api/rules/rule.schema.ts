/** Rules as the API answers with them. What a rule has to be like is said by `rule-json-schema.ts` and the validation. */
import { z } from 'zod';
import { dataTypes } from '#libs/domain/rules/process.ts';
import { ruleStatuses } from '#libs/domain/rules/rule.ts';
import { mostCounted } from '#libs/store/runs/rule-activity.reader.ts';
import {
  actionSchema,
  conditionSchema,
  json,
  nextCursor,
  problemSchema,
  spanSchema,
  time,
} from '../openapi/shared.schema.ts';

export const processSchema = z
  .object({
    name: z.string(),
    version: z.int(),
    state: z.enum(['active', 'test']),
    public: z.boolean().meta({ description: 'Whether incoming webhooks may start it' }),
    folder: z.string().optional(),
    data: z.array(z.object({ name: z.string(), type: z.enum(dataTypes), required: z.boolean().optional() })),
    customer: z.string().optional().meta({ description: 'TEXT item that holds the id of the customer' }),
    login: z.string().optional().meta({ description: 'NUMERIC item that holds the login of the account' }),
  })
  .meta({ id: 'ProcessDeclaration' });

export const ruleSchema = z
  .object({
    id: z.string(),
    version: z.int().meta({ description: '+1 on each change; a run keeps the version it began with' }),
    name: z.string(),
    description: z.string(),
    brand: z.string().nullable().meta({ description: 'null = every brand' }),
    trigger_event: z.string(),
    conditions: conditionSchema,
    actions: z.array(actionSchema),
    priority: z.int(),
    stop_after: z.boolean(),
    status: z.enum(ruleStatuses),
    re_enroll: z.union([z.literal('once'), spanSchema]).optional(),
    limit: z.object({ count: z.int(), per: spanSchema, on_exceed: z.literal('hold') }).optional(),
    process: processSchema.optional().meta({ description: 'Given: incoming webhooks start it, and events do not' }),
    created_at: time,
    created_by: z.string(),
    updated_at: time,
    updated_by: z.string(),
    archived_at: time.nullable(),
  })
  .meta({ id: 'Rule' });

export const changeSchema = z
  .object({
    path: z.string().meta({ description: 'In the rule, such as conditions.rules[0].value' }),
    before: json.optional().meta({ description: 'Absent: there was none' }),
    after: json.optional().meta({ description: 'Absent: there is none any more' }),
  })
  .meta({ id: 'RuleChange' });

export const ruleVersionSchema = z
  .object({
    version: z.int(),
    at: time,
    by: z.string(),
    deleted: z.boolean().meta({ description: 'That a rule was deleted stands in its last version' }),
    changes: z.array(changeSchema).meta({ description: 'What it changed about the version before' }),
  })
  .meta({ id: 'RuleVersion' });

export const ruleAnswer = z.object({ rule: ruleSchema });
export const rulesAnswer = z.object({ rules: z.array(ruleSchema), next_cursor: nextCursor });
export const writtenRuleAnswer = z.object({ rule: ruleSchema, warnings: z.array(problemSchema) });
export const deletedRuleAnswer = z.object({ id: z.string(), deleted: z.literal(true) });
export const ruleVersionsAnswer = z.object({ versions: z.array(ruleVersionSchema), next_cursor: nextCursor });
export const ruleVersionAnswer = z.object({ rule: ruleSchema, changes: z.array(changeSchema) });
export const ruleActivityAnswer = z.object({
  since: time,
  rules: z.array(
    z
      .object({
        rule_id: z.string(),
        last_match: time.nullable().meta({ description: 'When its newest run was decided; null: there is none' }),
        runs: z.int().meta({ description: `Since then, skipped ones included; counted up to ${mostCounted}` }),
      })
      .meta({ id: 'RuleActivity' }),
  ),
});
export const validationAnswer = z.object({
  valid: z.boolean(),
  errors: z.array(problemSchema),
  warnings: z.array(problemSchema),
});

export const ruleWarningsAnswer = z.object({
  rules: z.array(z.object({ rule_id: z.string(), ...validationAnswer.shape }).meta({ id: 'RuleWarnings' })),
});

export type VersionView = z.output<typeof ruleVersionSchema>;
