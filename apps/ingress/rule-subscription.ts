/** Keeps the rules of this process as they are in the store, by looking for changes again and again. */
import { messageOf } from '#libs/domain/errors.ts';
import type { RuleFeed } from '#libs/domain/rule-feed.ts';
import type { RuleIndex } from '#libs/domain/rule-index.ts';
import { isMatched, type Rule } from '#libs/domain/rule.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface RuleSubscriptionOptions {
  feed: RuleFeed;
  rules: RuleIndex;
  /** Milliseconds between two looks. */
  pollMs: number;
  /** Called with the number of rules after each change. */
  changed: (count: number) => void;
  log: Logger;
}

export class RuleSubscription implements HealthCheck {
  readonly name = 'rules';
  readonly #options: RuleSubscriptionOptions;
  /** Ids in the index. */
  readonly #ids = new Set<string>();
  #revision: number | null = null;
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #polling: Promise<void> = Promise.resolve();

  constructor(options: RuleSubscriptionOptions) {
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
    for (const rule of changes.rules) this.#put(rule);
    for (const id of changes.deleted) this.#remove(id);
    this.#moveTo(changes.revision);
    this.#announce('rules changed');
  }

  async #loadAll(): Promise<void> {
    const { revision, rules } = await this.#options.feed.snapshot();
    const present = new Set(rules.map(({ id }) => id));
    for (const id of this.#ids) if (!present.has(id)) this.#remove(id);
    for (const rule of rules) this.#put(rule);
    this.#moveTo(revision);
    this.#announce('rules loaded');
  }

  /** A rule that cannot be compiled must not keep the others from running. */
  #put(rule: Rule): void {
    try {
      this.#options.rules.put(rule);
      if (isMatched(rule.status)) this.#ids.add(rule.id);
      else this.#ids.delete(rule.id);
    } catch (error) {
      this.#ids.delete(rule.id);
      const { id: ruleId, name } = rule;
      this.#options.log.error({ ruleId, err: error }, `rule "${name}" cannot be used: ${messageOf(error)}`);
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

  #announce(message: string): void {
    this.#options.changed(this.#ids.size);
    this.#options.log.info({ rules: this.#ids.size, revision: this.#revision }, message);
  }
}
