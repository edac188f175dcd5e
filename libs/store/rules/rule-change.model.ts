/** `rule_changes`: the log of changes to rules, `_id` = 1, 2, 3 … One document is one change, whole. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { RuleChange } from '#libs/domain/rules/rule-change.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';

const schema = Schema.create(
  {
    _id: required(Number),
    at: required(String),
    by: required(String),
    /** A `RuleChange` as JSON text. */
    body: required(String),
  },
  schemaOptions,
);
type RuleChangeDocument = InferRawDocTypeFromSchema<typeof schema>;

/** Below the 16 MiB of a document, which a change has to fit in to be all or nothing. */
const maxChangeBytes = 12 * 1024 * 1024;

export const ruleChangeModel = defineModel('rule_changes', schema);

/** @throws PermanentError `change_too_large` */
export function toRuleChangeDocument(
  change: RuleChange,
  { number, by, at }: { number: number; by: string; at: string },
): RuleChangeDocument {
  const body = writeJson(change);
  const size = Buffer.byteLength(body);
  if (size > maxChangeBytes) {
    const mebibytes = (size / 1024 / 1024).toFixed(1);
    const message = `This change of ${change.put.length} rules takes ${mebibytes} MiB; one change may take 12: apply fewer rules at once.`;
    throw new PermanentError('change_too_large', message);
  }
  return { _id: number, at, by, body };
}

/** A change, and who made it when. */
export type MadeChange = RuleChange & { number: number; at: string; by: string };

export function toRuleChange({ _id: number, at, by, body }: RuleChangeDocument): MadeChange {
  return { ...(JSON.parse(body) as RuleChange), number, at, by };
}
