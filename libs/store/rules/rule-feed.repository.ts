/** Following the rules: all that are matched once, then what changed, by asking for the next change by its number. */
import type { Connection } from 'mongoose';
import type { RuleFeed } from '#libs/domain/rules/rule-feed.ts';
import { isMatched, type Rule } from '#libs/domain/rules/rule.ts';
import type { RuleChangeLog } from './rule-change.log.ts';
import { ruleModel, toRule } from './rule.model.ts';

export function createRuleFeed(connection: Connection, log: RuleChangeLog): RuleFeed {
  const rules = ruleModel(connection);
  return {
    async snapshot() {
      for (;;) {
        const from = await log.applyPending(await log.last());
        const documents = await rules.find({ status: { $in: ['active', 'shadow'] } }).lean();
        // Changes that were committed meanwhile may be half in what was read: all of them are put on top, once more.
        const until = await log.last();
        const found = new Map(documents.map((document) => [document._id, toRule(document)!]));
        let revision = from;
        while (revision < until) {
          const next = await log.read(revision + 1);
          // More changes than are kept came while the rules were read.
          if (next === null) break;
          for (const { id } of next.deleted) found.delete(id);
          for (const rule of next.put) {
            if (isMatched(rule.status)) found.set(rule.id, rule);
            else found.delete(rule.id);
          }
          revision += 1;
        }
        if (revision >= until) return { revision, rules: [...found.values()] };
      }
    },

    async changesSince(revision) {
      // Read before the log: whatever is settled at this moment must be found there, or is no longer kept.
      const settled = await log.pendingApplied();
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
