/** The audit log as the API answers with it. */
import { z } from 'zod';
import { auditOperations } from '#libs/domain/access/audit-log.ts';
import { json, nextCursor, time } from '../openapi/shared.schema.ts';
import { changeSchema } from '../rules/rule.schema.ts';

const auditEntrySchema = z
  .object({
    audit_id: z.string(),
    at: time,
    by: z.string(),
    operation: z.enum(auditOperations),
    target: z.string().meta({ description: 'Such as rule/vip-deposit, run/{run id}' }),
    rule_name: z.string().nullable().meta({
      description: 'Of a rule or a run: the name that the rule has now; null: there is none, or it is of another brand',
    }),
    brand: z.string().nullable().meta({ description: 'The only brand it is about; null = several, or none' }),
    what: json.meta({ description: 'What was asked for, masked; null where it is too long' }),
    rule_version: z.int().nullable().meta({ description: 'Of a rule: the version that it made' }),
    outcome: z.enum(['done', 'refused', 'failed', 'unknown']),
    code: z.string().nullable().meta({ description: 'Why it was refused or failed' }),
    changes: z.array(changeSchema).nullable().meta({ description: 'Of a change of a rule: what it changed' }),
  })
  .meta({ id: 'AuditEntry' });

export const auditAnswer = z.object({ entries: z.array(auditEntrySchema), next_cursor: nextCursor });

export type AuditView = z.output<typeof auditEntrySchema>;
