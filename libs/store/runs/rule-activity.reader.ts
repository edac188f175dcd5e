/** What rules have done lately, told by the run log. */
import type { Connection } from 'mongoose';
import { mapLimited } from '#libs/async/map-limited.ts';
import { countUpTo } from '../mongo/bounded-count.ts';
import { guarded } from '../mongo/store-error.ts';
import { buildRunsQuery, newestFirst, type RunFilter } from './run-log.repository.ts';
import { runModel } from './run.model.ts';

export interface RuleActivity {
  rule_id: string;
  /** ISO 8601 UTC; null: none of its runs is in the log. */
  last_match: string | null;
  /** Its runs since the time asked for, at most `mostCounted`. */
  runs: number;
}

export interface RuleActivityReader {
  /** @param since ISO 8601 UTC @param brand as in `RunFilter` @returns one for each id, in their order */
  of(ruleIds: readonly string[], since: string, brand?: RunFilter['brand']): Promise<RuleActivity[]>;
}

export const mostCounted = 1000;

export function createRuleActivity(connection: Connection): RuleActivityReader {
  const runs = runModel(connection);

  // Not filtered by time: the embedded store would read all runs of a rule to find the newest.
  const lastMatch = async (filter: RunFilter): Promise<string | null> => {
    const [found] = await runs.find(buildRunsQuery(filter), { claimed_at: 1 }).sort(newestFirst).limit(1).lean();
    return found?.claimed_at ?? null;
  };

  return guarded<RuleActivityReader>({
    of: (ruleIds, since, brand) =>
      mapLimited(ruleIds, async (ruleId): Promise<RuleActivity> => {
        const filter = { ruleId, ...(brand !== undefined && { brand }) };
        const last = await lastMatch(filter);
        const isQuiet = last === null || last < since;
        const { count } = isQuiet
          ? { count: 0 }
          : await countUpTo(runs, buildRunsQuery({ ...filter, from: since }), mostCounted);
        return { rule_id: ruleId, last_match: last, runs: count };
      }),
  });
}
