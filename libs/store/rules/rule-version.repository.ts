/** The saved versions of rules, for reading; they are written with the change that makes them. */
import type { Connection } from 'mongoose';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { findById, findByIds } from '../mongo/by-id.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { createRuleChangeLog } from './rule-change.log.ts';
import { ruleVersionId, ruleVersionModel, toRuleVersion, type RuleVersion } from './rule-version.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

export type VersionKey = Pick<RuleVersion, 'rule_id' | 'version'>;

export interface RuleVersions {
  get(ruleId: string, version: number): Promise<RuleVersion | null>;
  /** Those there are of these, in any order. */
  getAll(wanted: Iterable<VersionKey>): Promise<RuleVersion[]>;
  /** Newest first. Empty for a rule that has never been. @throws InvalidInputError for a wrong cursor */
  list(ruleId: string, page?: PageRequest): Promise<Page<RuleVersion>>;
  /** The rules of a trigger as they were once the change of this number was made, whatever their status. */
  rulesAt(trigger: string, change: number): Promise<Rule[]>;
}

export function createRuleVersions(connection: Connection): RuleVersions {
  const versions = ruleVersionModel(connection);
  const log = createRuleChangeLog(connection);

  return guarded<RuleVersions>({
    async get(ruleId, version) {
      await log.applyPending();
      const document = await findById(versions, ruleVersionId(storeText(ruleId), version));
      return document && toRuleVersion(document);
    },

    async getAll(wanted) {
      await log.applyPending();
      const ids = Array.from(wanted, ({ rule_id, version }) => ruleVersionId(storeText(rule_id), version));
      return [...(await findByIds(versions, ids)).values()].map(toRuleVersion);
    },

    async list(ruleId, page) {
      await log.applyPending();
      const filter = { rule_id: storeText(ruleId) };
      const query = { filter, sort: { version: -1 }, types: ['number'] } as const;
      const { items, nextCursor } = await readPage(versions, query, page);
      return { items: items.map(toRuleVersion), nextCursor };
    },

    async rulesAt(trigger, change) {
      const made = await versions.find({ trigger_event: trigger, change: { $lte: change } }, { rule_id: 1 }).lean();
      const ids = [...new Set(made.map(({ rule_id }) => rule_id))];
      const rules = await mapLimited(ids, async (id) => {
        // One that had another trigger by then, or was deleted, has a later version.
        const [last] = await versions
          .find({ rule_id: id, change: { $lte: change } })
          .sort({ rule_id: 1, version: -1 })
          .limit(1)
          .lean();
        return last === undefined ? null : toRuleVersion(last).rule;
      });
      return rules.filter((rule) => rule !== null).filter((rule) => rule.trigger_event === trigger);
    },
  });
}
