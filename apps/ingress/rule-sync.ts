/** Keeps the rules of this process as they are in the store, by looking for changes again and again. */
import { messageOf } from '#libs/domain/errors/errors.ts';
import type { RuleFeed } from '#libs/domain/rules/rule-feed.ts';
import type { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import { isMatched, type Rule } from '#libs/domain/rules/rule.ts';
import { Pace } from '#libs/matching/pace.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface RuleSyncOptions {
  feed: RuleFeed;
  rules: RuleIndex;
  /** Milliseconds between two looks. */
  pollMs: number;
  /** Called after each change with the number of rules in use, and of active ones that cannot be used. */
  changed: (count: number, unusable: number) => void;
  log: Logger;
}

export class RuleSync implements HealthCheck {
  readonly name = 'rules';
  readonly #options: RuleSyncOptions;
  /** Ids in the index. */
  readonly #ids = new Set<string>();
  #revision: number | null = null;
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #polling: Promise<void> = Promise.resolve();

  constructor(options: RuleSyncOptions) {
    this.#options = options;
  }

  /** Loads every active rule and follows their changes from then on. @throws what the store throws */
  async start(): Promise<void> {
    await this.#loadAll();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#polling;
  }

  /** Passes once the rules are loaded; they stay in use while the store is away. */
  async check(): Promise<void> {
    if (this.#revision === null) throw new Error('the rules are not loaded yet');
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#polling = this.#poll().finally(() => this.#schedule());
    }, this.#options.pollMs);
  }

  async #poll(): Promise<void> {
    try {
      await this.#followChanges();
      if (this.#failing) this.#options.log.info('rule changes are followed again');
      this.#failing = false;
    } catch (error) {
      // Rules that are a little old are better than none; the store's return is noticed by the next look.
      if (!this.#failing) {
        this.#options.log.error(
          { err: error },
          `rule changes cannot be followed: ${messageOf(error)}; going on with the rules as last seen`,
        );
      }
      this.#failing = true;
    }
  }

  async #followChanges(): Promise<void> {
    const changes = this.#revision === null ? null : await this.#options.feed.changesSince(this.#revision);
    if (changes === null) return this.#loadAll();
    if (changes.rules.length === 0 && changes.deleted.length === 0) {
      this.#moveTo(changes.revision);
      return;
    }
    await this.#apply(changes.revision, changes.rules, () => changes.deleted);
    await this.#announce('rules changed');
  }

  async #loadAll(): Promise<void> {
    const { revision, rules } = await this.#options.feed.snapshot();
    const present = new Set(rules.map(({ id }) => id));
    await this.#apply(revision, rules, () => [...this.#ids].filter((id) => !present.has(id)));
    await this.#announce('rules loaded');
  }

  /** Rules are made ready one by one, as there is time, and then put at once: no event meets half of a change. */
  async #apply(revision: number, rules: readonly Rule[], gone: () => readonly string[]): Promise<void> {
    const ready: (() => void)[] = [];
    const pace = new Pace();
    for (const rule of rules) {
      ready.push(this.#prepare(rule));
      if (pace.isOver()) await pace.rest();
    }
    for (const id of gone()) this.#remove(id);
    for (const put of ready) put();
    this.#moveTo(revision);
  }

  /** A rule that cannot be compiled must not keep the others from running. @returns what puts it into use */
  #prepare(rule: Rule): () => void {
    const { rules, log } = this.#options;
    const { id, name } = rule;
    // Processes are started by incoming webhooks alone.
    if (!isMatched(rule.status) || rule.process !== undefined) return () => this.#remove(id);
    try {
      const compiled = rules.compile(rule);
      return () => {
        rules.putCompiled(compiled);
        this.#ids.add(id);
      };
    } catch (error) {
      const isActive = rule.status === 'active';
      const then = isActive ? 'events that it may be for wait until it can be used' : 'it is only in shadow';
      log.error({ ruleId: id, err: error }, `rule "${name}" cannot be used: ${messageOf(error)}; ${then}`);
      return () => {
        this.#remove(id);
        if (!isActive) return;
        rules.putUnusable(rule);
        this.#ids.add(id);
      };
    }
  }

  #remove(id: string): void {
    this.#options.rules.remove(id);
    this.#ids.delete(id);
  }

  #moveTo(revision: number): void {
    this.#revision = revision;
    this.#options.rules.revision = revision;
  }

  async #announce(message: string): Promise<void> {
    const { rules, changed, log } = this.#options;
    const pace = new Pace();
    while (!rules.maintain(pace.isOver)) await pace.rest();
    changed(rules.size, rules.unusable);
    log.info({ rules: rules.size, revision: this.#revision }, message);
  }
}
