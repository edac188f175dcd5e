/**
 * What to do while the store, Temporal or Kafka is away: wait, try again, and never give the work up. Only an error
 * that trying again cannot help reaches the caller.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SignalboxError } from '#libs/domain/errors.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

/** Milliseconds between two attempts; each pause is twice the one before. */
const pauses = { first: 100, longest: 5000 };

/** Mistakes in our own code or in the data: they come back however often they are tried. */
const mistakes = [TypeError, RangeError, ReferenceError, SyntaxError, URIError];

/**
 * Errors of the drivers count as passing: a connection has many ways to fail, and to give up an event wrongly is worse
 * than to try a hopeless one again, which shows in the log and in the consumer's lag.
 */
export function isPermanent(error: unknown): boolean {
  if (error instanceof SignalboxError) return !error.retryable;
  return mistakes.some((mistake) => error instanceof mistake);
}

export class Patience {
  readonly #log: Logger;
  /** Dependencies that are away, and since when. */
  readonly #away = new Map<string, number>();

  readonly #pauses: typeof pauses;

  constructor(log: Logger, between = pauses) {
    this.#log = log;
    this.#pauses = between;
  }

  /**
   * @param dependency what is asked, as logs call it
   * @param attempt repeated until it succeeds: it must be safe to carry out again
   * @param signal ends the waiting: rejects with its reason
   * @throws what `attempt` throws when it is permanent
   */
  async until<T>(dependency: string, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { first, longest } = this.#pauses;
    for (let pauseMs = first; ; pauseMs = Math.min(pauseMs * 2, longest)) {
      signal.throwIfAborted();
      try {
        const result = await attempt();
        if (this.#away.size > 0) this.#back(dependency);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (isPermanent(error)) throw error;
        this.#failing(dependency, error);
      }
      // Partitions that failed together do not come back together.
      const jitterMs = pauseMs * (0.75 + Math.random() / 2);
      await sleep(jitterMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  #failing(dependency: string, error: unknown): void {
    if (this.#away.has(dependency)) return;
    this.#away.set(dependency, Date.now());
    this.#log.error(
      { dependency, err: error },
      `${dependency} is away: ${messageOf(error)}; events wait until it is back`,
    );
  }

  #back(dependency: string): void {
    const since = this.#away.get(dependency);
    if (since === undefined) return;
    this.#away.delete(dependency);
    this.#log.info({ dependency, awayMs: Date.now() - since }, `${dependency} is back`);
  }
}
