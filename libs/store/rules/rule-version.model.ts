/**
 * `rule_versions`: every version of every rule as it was saved, `_id` = `{rule id}@{version}`. Only ever inserted: this
 * is the record of who changed which rule when, and outlives the rule itself.
 */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import type { RuleChange } from '#libs/domain/rules/rule-change.ts';

const schema = Schema.create(
  {
    _id: required(String),
    rule_id: required(String),
    version: required(Number),
    /** Number of the change that made it. */
    change: required(Number),
    /** ISO 8601 UTC. */
    at: required(String),
    by: required(String),
    /** Null for the version at which the rule was deleted. */
    trigger_event: nullable(String),
    /** The whole rule as JSON text; null when deleted. */
    body: nullable(String),
  },
  schemaOptions,
);
export type RuleVersionDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ rule_id: 1, version: -1 });
schema.index({ trigger_event: 1, change: 1 });

export const ruleVersionModel = defineModel('rule_versions', schema);

export function ruleVersionId(ruleId: string, version: number): string {
  return `${ruleId}@${version}`;
}

/** @param entry number, author and time of the change */
export function toRuleVersions(
  { put, deleted }: RuleChange,
  { number: change, at, by }: { number: number; at: string; by: string },
): RuleVersionDocument[] {
  const made = { change, at, by };
  return [
    ...put.map((rule): RuleVersionDocument => {
      const { id, version, trigger_event } = rule;
      const names = { _id: ruleVersionId(id, version), rule_id: id, version };
      return { ...names, ...made, trigger_event, body: writeJson(rule) };
    }),
    ...deleted.map(({ id, version }): RuleVersionDocument => {
      const names = { _id: ruleVersionId(id, version), rule_id: id, version };
      return { ...names, ...made, trigger_event: null, body: null };
    }),
  ];
}

/** One saved state of a rule. */
export interface RuleVersion {
  rule_id: string;
  version: number;
  /** ISO 8601 UTC. */
  at: string;
  by: string;
  /** Null: the rule was deleted. */
  rule: Rule | null;
}

export function toRuleVersion({ rule_id, version, at, by, body }: RuleVersionDocument): RuleVersion {
  return { rule_id, version, at, by, rule: body === null ? null : (JSON.parse(body) as Rule) };
}
