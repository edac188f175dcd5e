/** Following the rules: all that are matched once, then what changed, by asking for the next change by its number. */
import type { Connection } from 'mongoose';
import type { RuleFeed } from '#libs/domain/rule-feed.ts';
import type { Rule } from '#libs/domain/rule.ts';
import { collectionOf } from './model.ts';
import type { RuleChangeLog } from './rule-change.log.ts';
import { ruleModel, ruleOf } from './rule.model.ts';

export function createRuleFeed(connection: Connection, log: RuleChangeLog): RuleFeed {
  const rules = collectionOf(ruleModel(connection));
  return {
    async snapshot() {
      for (;;) {
        const revision = await log.settle();
        const documents = await rules.find({ status: { $in: ['active', 'shadow'] } }).toArray();
        // A change that was committed meanwhile may be half in what was read.
        if ((await log.read(revision + 1)) !== null) continue;
        return { revision, rules: documents.map((document) => ruleOf(document)!) };
      }
    },

    async changesSince(revision) {
      // Read before the log: whatever is settled at this moment must be found there, or is no longer kept.
      const settled = await log.settled();
      const changed = new Map<string, Rule | null>();
      let last = revision;
      for (let next = await log.read(last + 1); next !== null; next = await log.read(last + 1)) {
        for (const rule of next.put) changed.set(rule.id, rule);
        for (const { id } of next.deleted) changed.set(id, null);
        last += 1;
      }
      const isCutOff = last < settled;
      // A revision the store has never had: it was emptied or restored from a backup.
      const isUnknown = last > settled && last > 0 && (await log.read(last)) === null;
      if (isCutOff || isUnknown) return null;
      return {
        revision: last,
        rules: [...changed.values()].filter((rule) => rule !== null),
        deleted: [...changed].filter(([, rule]) => rule === null).map(([id]) => id),
      };
    },
  };
}
