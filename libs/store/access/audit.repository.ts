/** Adding to the audit log, and reading it. */
import { randomUUID } from 'node:crypto';
import type { Connection, QueryFilter } from 'mongoose';
import {
  auditText,
  type AuditEntry,
  type AuditFilter,
  type AuditEvent,
  type AuditTrail,
  type SystemAudit,
} from '#libs/domain/access/audit-log.ts';
import {
  auditModel,
  auditName,
  auditOutcomeModel,
  type AuditDocument,
  type AuditOutcomeDocument,
} from './audit.model.ts';
import { findByIds, insertNew } from '../mongo/by-id.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { createRuleChangeLog } from '../rules/rule-change.log.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';

export interface AuditLog extends AuditTrail, SystemAudit {
  /** Newest first. @throws InvalidInputError for a wrong cursor */
  list(filter: AuditFilter, page?: PageRequest): Promise<Page<AuditEntry>>;
}

export const newestAuditFirst = { at: -1, _id: -1 } as const;

export function createAuditLog(connection: Connection): AuditLog {
  const entries = auditModel(connection);
  const outcomes = auditOutcomeModel(connection);
  const ruleChanges = createRuleChangeLog(connection);

  return guarded<AuditLog>({
    async begin(note) {
      const entry = toDocument(note.once === undefined ? randomUUID() : storeKey(note.once), note);
      await insertNew(entries, [entry]);
      return entry._id;
    },

    async end(_id, { outcome, code }) {
      await insertNew(outcomes, [{ _id, at: new Date().toISOString(), outcome, code }]);
    },

    async note(id, note) {
      const entry = toDocument(storeText(id), note);
      const { _id, at } = entry;
      await insertNew(entries, [entry]);
      await insertNew(outcomes, [{ _id, at, outcome: 'done', code: null }]);
    },

    async list(filter, page) {
      // A change of rules is noted when it is written into them.
      await ruleChanges.applyPending();
      const query = { filter: buildAuditQuery(filter), sort: newestAuditFirst, types: ['string', 'string'] } as const;
      const { items, nextCursor } = await readPage(entries, query, page);
      const acts = items.filter(({ rule_version }) => rule_version === null);
      const ended = await findByIds(
        outcomes,
        acts.map(({ _id }) => _id),
      );
      return { items: items.map((document) => toAuditEntry(document, ended.get(document._id))), nextCursor };
    },
  });
}

function toDocument(_id: string, { operation, target, brand, by, what }: AuditEvent): AuditDocument {
  const asked = auditText(what);
  return {
    _id,
    at: new Date().toISOString(),
    by: auditName(by),
    operation,
    target: storeKey(target),
    brand,
    what: asked === null ? null : storeText(asked),
    rule_version: null,
  };
}

export function buildAuditQuery({ by, target, operation, brand, from, to }: AuditFilter): QueryFilter<AuditDocument> {
  return {
    ...(by !== undefined && { by: auditName(by) }),
    ...(target !== undefined && { target: storeKey(target) }),
    ...(operation !== undefined && { operation }),
    ...(brand !== undefined && { brand: Array.isArray(brand) ? { $in: brand } : brand }),
    ...((from !== undefined || to !== undefined) && {
      at: { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) },
    }),
  };
}

function toAuditEntry({ _id, what, ...entry }: AuditDocument, ended: AuditOutcomeDocument | undefined): AuditEntry {
  const isRule = entry.rule_version !== null;
  return {
    audit_id: _id,
    ...entry,
    what: what === null ? null : (JSON.parse(what) as unknown),
    outcome: ended?.outcome ?? (isRule ? 'done' : 'unknown'),
    code: ended?.code ?? null,
  };
}
