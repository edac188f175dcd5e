/**
 * Changes of many rules that happen as a whole or not at all, without transactions: inserting one document into the
 * log *is* the change. Writing it into the rules themselves comes after and can be repeated by anybody, so a process
 * that dies in between leaves nothing half done: the next writer carries on.
 *
 * Change n + 1 is inserted only by a process that has seen change n written into the rules. So the log has no gaps, and
 * of two that want to be n + 1 one finds the number taken.
 */
import type { Connection } from 'mongoose';
import { toAuditDocuments, auditModel } from '../access/audit.model.ts';
import { findById, insertNew, putDocument, upsertOver } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { revisionModel } from '../mongo/revision.model.ts';
import { toRuleChangeDocument, ruleChangeModel, toRuleChange, type MadeChange } from './rule-change.model.ts';
import type { RuleChange } from '#libs/domain/rules/rule-change.ts';
import { ruleVersionModel, toRuleVersions } from './rule-version.model.ts';
import { deletedRuleDocument, toRuleDocument, ruleModel, type RuleDocument } from './rule.model.ts';
import { isDuplicateKey } from '../mongo/store-error.ts';

/** Changes that can be read again by their number; who is further behind reads all rules. */
export const keptChanges = 1000;

export interface RuleChangeLog {
  /**
   * Writes what is not yet written into the rules.
   * @param until number of the last change that matters; others may go on committing
   * @returns the number of the last change that is written, 0 = none
   */
  applyPending(until?: number): Promise<number>;
  /** Makes the change happen. @returns false when the number is taken */
  commit(change: RuleChange, entry: { number: number; by: string; at: string }): Promise<boolean>;
  /** Null when there is no such change, or no longer. */
  read(number: number): Promise<MadeChange | null>;
  /** Number of the last change that was committed, 0 = none. */
  last(): Promise<number>;
  /** Number of the last change known to be written into the rules. */
  pendingApplied(): Promise<number>;
}

export function createRuleChangeLog(connection: Connection): RuleChangeLog {
  const rules = ruleModel(connection);
  const changes = ruleChangeModel(connection);
  const versions = ruleVersionModel(connection);
  const audit = auditModel(connection);
  const revisions = revisionModel(connection);

  // False when a newer one stands there.
  const put = (document: RuleDocument): Promise<boolean> =>
    upsertOver(rules, { _id: document._id, change: { $lt: document.change } }, (older) =>
      putDocument(rules, document, older),
    );

  const materialise = async (number: number, change: MadeChange): Promise<void> => {
    // Write history and audit entry before the version becomes visible.
    await Promise.all([
      insertNew(versions, toRuleVersions(change, change)),
      insertNew(audit, toAuditDocuments(change)),
    ]);
    await mapLimited(
      [
        ...change.put.map((rule) => toRuleDocument(rule, number)),
        ...change.deleted.map(({ id, version }) => deletedRuleDocument(id, version, number)),
      ],
      put,
    );
    await upsertOver(revisions, { _id: 'rules', n: { $lt: number } }, (older) =>
      revisions.updateOne(older, { $set: { n: number } }, { upsert: true }),
    );
    await changes.deleteOne({ _id: number - keptChanges });
  };

  const log: RuleChangeLog = {
    async pendingApplied() {
      return (await findById(revisions, 'rules'))?.n ?? 0;
    },

    async read(number) {
      const document = await findById(changes, number);
      return document && toRuleChange(document);
    },

    async last() {
      const [newest] = await changes.find({}, { _id: 1 }).sort({ _id: -1 }).limit(1).lean();
      return newest?._id ?? 0;
    },

    async applyPending(until = Infinity) {
      let last = await log.pendingApplied();
      while (last < until) {
        const next = await log.read(last + 1);
        if (next === null) break;
        await materialise(last + 1, next);
        last += 1;
      }
      return last;
    },

    async commit(change, entry) {
      const document = toRuleChangeDocument(change, entry);
      try {
        await changes.insertOne(document);
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
      // A process that slept through a thousand changes finds its number free again. It is not part of the log.
      const isPartOfLog = entry.number === 1 || (await findById(changes, entry.number - 1)) !== null;
      if (!isPartOfLog) await changes.deleteOne({ _id: entry.number });
      return isPartOfLog;
    },
  };
  return log;
}
