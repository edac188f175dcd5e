/** Parts of an overview: each is told within a moment or says that it cannot be, and is asked for once a second at most. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RecentAnswers } from '#libs/async/recent-answers.ts';
import { messageOf } from '#libs/domain/errors/errors.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export type Told<Value> = { state: 'known'; value: Value } | { state: 'unknown' };

const freshMs = 1_000;

export class OverviewParts {
  readonly #answers = new RecentAnswers<Told<unknown>>(freshMs);
  readonly #failing = new Set<string>();
  readonly #log: Pick<Logger, 'warn'>;
  readonly #longestMs: number;

  /** @param longestMs how long a part may take before it is told as unknown */
  constructor(log: Pick<Logger, 'warn'>, longestMs = 2_000) {
    this.#log = log;
    this.#longestMs = longestMs;
  }

  /** @param name of the part @param key what it depends on: those who ask for the same share an answer */
  async tell<Value>(name: string, key: string, ask: () => Promise<Value>): Promise<Told<Value>> {
    const asked = this.#answers.get(`${name} ${key}`, () => this.#look(name, ask));
    const timer = new AbortController();
    const late = sleep<Told<Value>>(this.#longestMs, { state: 'unknown' }, { signal: timer.signal });
    try {
      return await Promise.race([asked as Promise<Told<Value>>, late]);
    } finally {
      timer.abort();
    }
  }

  async #look<Value>(name: string, ask: () => Promise<Value>): Promise<Told<Value>> {
    try {
      const value = await ask();
      this.#failing.delete(name);
      return { state: 'known', value };
    } catch (error) {
      // Once, and not with every look.
      if (!this.#failing.has(name)) {
        this.#log.warn({ err: error }, `the overview cannot tell its part "${name}": ${messageOf(error)}`);
      }
      this.#failing.add(name);
      return { state: 'unknown' };
    }
  }
}
