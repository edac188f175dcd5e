/**
 * `rule_versions`: every version of every rule as it was saved, `_id` = `{rule id}@{version}`. Only ever inserted: this
 * is the record of who changed which rule when, and outlives the rule itself.
 */
import { Schema, type Connection, type Model } from 'mongoose';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';
import type { RuleChange } from '#libs/domain/rules/rule-change.ts';

export interface RuleVersionDocument {
  _id: string;
  rule_id: string;
  version: number;
  /** Number of the change that made it. */
  change: number;
  /** ISO 8601 UTC. */
  at: string;
  by: string;
  /** Null for the version at which the rule was deleted. */
  trigger_event: string | null;
  /** The whole rule as JSON text; null when deleted. */
  body: string | null;
}

const schema = new Schema<RuleVersionDocument>(
  {
    _id: { type: String, required: true },
    rule_id: { type: String, required: true },
    version: { type: Number, required: true },
    change: { type: Number, required: true },
    at: { type: String, required: true },
    by: { type: String, required: true },
    trigger_event: { type: String, default: null },
    body: { type: String, default: null },
  },
  schemaOptions,
);
schema.index({ rule_id: 1, version: -1 });
schema.index({ trigger_event: 1, change: 1 });

export function ruleVersionModel(connection: Connection): Model<RuleVersionDocument> {
  return buildModel(connection, 'rule_versions', schema);
}

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
