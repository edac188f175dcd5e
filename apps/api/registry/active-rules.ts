/**
 * The active rules, held in memory and brought up to date with each look by what has changed since: reading ten
 * thousand of them takes a second. What is returned is never older than the call.
 */
import type { RuleFeed } from '#libs/domain/rules/rule-feed.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';

interface Held {
  revision: number;
  byId: ReadonlyMap<string, Rule>;
  active: Rule[];
}

export class ActiveRulesCache {
  readonly #feed: RuleFeed;
  #held: Held | null = null;

  constructor(feed: RuleFeed) {
    this.#feed = feed;
  }

  /** @throws what the feed throws */
  async get(): Promise<Rule[]> {
    const held = this.#held;
    const changes = held && (await this.#feed.changesSince(held.revision));
    if (held === null || changes === null) return this.#hold(await this.#feed.snapshot(), new Map());
    if (changes.revision === held.revision) return held.active;
    const byId = new Map(held.byId);
    for (const id of changes.deleted) byId.delete(id);
    return this.#hold(changes, byId);
  }

  /** Of two looks at once either may be held: the next one starts from its revision. */
  #hold({ revision, rules }: { revision: number; rules: Rule[] }, byId: Map<string, Rule>): Rule[] {
    for (const rule of rules) {
      if (rule.status === 'active') byId.set(rule.id, rule);
      else byId.delete(rule.id);
    }
    this.#held = { revision, byId, active: [...byId.values()] };
    return this.#held.active;
  }
}
