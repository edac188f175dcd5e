/** `rules`: the `WorkflowRuleRecord`s, `_id` = rule id. A deleted rule leaves its id, so that its versions go on. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { Rule, RuleStatus } from '#libs/domain/rules/rule.ts';
import { nullable, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';

const schema = Schema.create(
  {
    _id: required(String),
    /** Number of the change that wrote this; an older change never overwrites it. */
    change: required(Number),
    version: required(Number),
    brand: nullable(String),
    trigger_event: required(String),
    status: required<RuleStatus | 'deleted'>(String),
    priority: required(Number),
    created_at: required(String),
    /** Name of the process; absent where the rule is none. */
    process: optional(String),
    /** The whole rule as JSON text: conditions nest deeper than BSON may. Null when deleted. */
    body: nullable(String),
  },
  schemaOptions,
);
export type RuleDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ status: 1, trigger_event: 1, brand: 1 });
// One index for each filter of the list of rules, in the order in which they run.
for (const field of ['trigger_event', 'brand', 'status'] as const) {
  schema.index({ [field]: 1, priority: 1, created_at: 1, _id: 1 });
}
schema.index({ priority: 1, created_at: 1, _id: 1 });
schema.index({ process: 1 });

export const ruleModel = defineModel('rules', schema);

export function toRuleDocument(rule: Rule, change: number): RuleDocument {
  const { id, version, brand, trigger_event, status, priority, created_at, process } = rule;
  const fields = { _id: id, change, version, brand, trigger_event, status, priority, created_at };
  return { ...fields, ...(process !== undefined && { process: process.name }), body: writeJson(rule) };
}

export function deletedRuleDocument(id: string, version: number, change: number): RuleDocument {
  const nothing = { brand: null, trigger_event: '', priority: 0, created_at: '', body: null };
  return { _id: id, change, version, status: 'deleted', ...nothing };
}

/** @returns null for a deleted rule */
export function toRule({ body }: RuleDocument): Rule | null {
  return body === null ? null : (JSON.parse(body) as Rule);
}
