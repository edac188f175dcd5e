/** `audit_entries` and `audit_outcomes`, the same `_id` in both. Only ever inserted. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { AuditEntry, AuditOperation } from '#libs/domain/access/audit-log.ts';
import { nullable, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import type { MadeChange } from '../rules/rule-change.model.ts';
import { storeText } from '../mongo/storable-text.ts';
import { cut } from '#libs/domain/values/shorten.ts';

const entries = Schema.create(
  {
    _id: required(String),
    at: required(String),
    by: required(String),
    operation: required<AuditOperation>(String),
    target: required(String),
    brand: nullable(String),
    /** Masked, as JSON text: it may nest deeper than BSON. */
    what: nullable(String),
    /** Of a rule: the version that it made. It is noted with the change, and so has no outcome beside it. */
    rule_version: nullable(Number),
  },
  schemaOptions,
);
// One index for each filter of the list, in its order.
for (const field of ['by', 'target', 'operation', 'brand'] as const) entries.index({ [field]: 1, at: -1, _id: -1 });
entries.index({ at: -1, _id: -1 });

const outcomes = Schema.create(
  {
    _id: required(String),
    at: required(String),
    outcome: required<AuditEntry['outcome']>(String),
    code: nullable(String),
  },
  schemaOptions,
);

export type AuditDocument = InferRawDocTypeFromSchema<typeof entries>;
export type AuditOutcomeDocument = InferRawDocTypeFromSchema<typeof outcomes>;

export const auditModel = defineModel('audit_entries', entries);
export const auditOutcomeModel = defineModel('audit_outcomes', outcomes);

/** As entries hold it: the log of changes of rules must never wait for one that the index of names refuses. */
export function auditName(by: string): string {
  return cut(storeText(by), 256);
}

/** Of a change to rules: the ids follow from it, so that writing it again adds no second entry. */
export function toAuditDocuments({ put, deleted, at, by }: MadeChange): AuditDocument[] {
  const noted = (id: string, rule_version: number, operation: AuditOperation, brand: string | null): AuditDocument => {
    const target = `rule/${id}`;
    return {
      _id: `${target}@${rule_version}`,
      at,
      by: auditName(by),
      operation,
      target,
      brand,
      what: null,
      rule_version,
    };
  };
  return [
    ...put.map(({ id, version, brand, status, created_at, updated_at }) => {
      const isNew = created_at === updated_at;
      return noted(id, version, isNew ? 'rule.create' : status === 'archived' ? 'rule.archive' : 'rule.update', brand);
    }),
    ...deleted.map(({ id, version, brand = null }) => noted(id, version, 'rule.delete', brand)),
  ];
}
