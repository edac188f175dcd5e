/**
 * What to do while the store, Temporal or Kafka is away: wait, try again, and never give the work up. A dependency that
 * is up and fails the same work again and again is no outage: `retry` ends that after a time, and the caller finds out
 * which event is at fault.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, PermanentError, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { backoff, type Pauses } from './backoff.ts';

export type Dependency = 'store' | 'Temporal' | 'Kafka';

/** Resolves when the dependency does what it is for. */
export type DependencyCheck = (signal: AbortSignal) => Promise<void>;

export interface RetryOptions {
  log: Logger;
  /** One without a check counts as away whenever it fails. */
  checks: Partial<Record<Dependency, DependencyCheck>>;
  /** How long a dependency that is up may fail the same work, in milliseconds. */
  limitMs: number;
  /** True for an answer by which a dependency asks to be left alone: however long it does, no event is at fault. */
  isBusy?: (error: unknown) => boolean;
  /** Milliseconds between two attempts; each pause is twice the one before. */
  pauses?: Pauses;
}

const usualPauses = { first: 100, longest: 5000 };
/** How long a check may take, in milliseconds. */
const checkMs = 2000;

/** Faults in our own code or in the data: they come back however often they are tried. */
const faults = [TypeError, RangeError, ReferenceError, SyntaxError, URIError];

/** Errors of the drivers count as passing: a connection has many ways to fail. Their number is bounded by `retry`. */
export function isPermanent(error: unknown): boolean {
  if (error instanceof SignalboxError) return !error.retryable;
  return faults.some((fault) => error instanceof fault);
}

export class RetryPolicy {
  readonly #options: RetryOptions;
  /** Dependencies that fail, since when, and whether they were up then. */
  readonly #failing = new Map<Dependency, { since: number; isUp: boolean }>();

  /** When each dependency last did what it was asked. */
  readonly #answered = new Map<Dependency, number>();

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /**
   * @param dependency what is asked
   * @param attempt repeated until it succeeds: it must be safe to execute again
   * @param signal ends the waiting: rejects with its reason
   * @throws what `attempt` throws when it is permanent, and PermanentError `dependency_refuses` when the dependency has
   * been up for `limitMs` and failed it all the time
   */
  retry<T>(dependency: Dependency, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#repeat(dependency, attempt, signal, this.#options.limitMs);
  }

  /** The same without an end, for work that belongs to no event. */
  retryForever<T>(dependency: Dependency, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#repeat(dependency, attempt, signal, Infinity);
  }

  async #repeat<T>(
    dependency: Dependency,
    attempt: () => Promise<T>,
    signal: AbortSignal,
    limitMs: number,
  ): Promise<T> {
    const pauses = backoff(this.#options.pauses ?? usualPauses);
    /** Since when the dependency has been up and failing. */
    let refusedSince: number | null = null;
    for (;;) {
      signal.throwIfAborted();
      try {
        const result = await attempt();
        this.#answered.set(dependency, performance.now());
        if (this.#failing.size > 0) this.#back(dependency);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (isPermanent(error)) throw error;
        const failedAt = performance.now();
        const pause = sleep(pauses.next().value, undefined, { signal }).catch(() => signal.throwIfAborted());
        const [isUp] = await Promise.all([this.#isUp(dependency, error, signal), pause]);
        // Others may have found it back meanwhile.
        if ((this.#answered.get(dependency) ?? 0) <= failedAt) this.#note(dependency, isUp, error);
        if (isUp) refusedSince ??= Date.now();
        else refusedSince = null;
        if (refusedSince !== null && Date.now() - refusedSince >= limitMs) throw refusal(dependency, limitMs, error);
      }
    }
  }

  async #isUp(dependency: Dependency, error: unknown, signal: AbortSignal): Promise<boolean> {
    const { checks, isBusy } = this.#options;
    const check = checks[dependency];
    if (check === undefined || isBusy?.(error)) return false;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(checkMs)]);
    const late = new Promise<false>((resolve) => {
      deadline.addEventListener('abort', () => resolve(false), { once: true });
    });
    const answer = check(deadline).then(
      () => true,
      () => false,
    );
    return Promise.race([answer, late]);
  }

  /** One line when it begins to fail, and one when it turns out to be away after all. */
  #note(dependency: Dependency, isUp: boolean, error: unknown): void {
    const known = this.#failing.get(dependency);
    if (known !== undefined && (isUp || !known.isUp)) return;
    this.#failing.set(dependency, { since: known?.since ?? Date.now(), isUp });
    const { log, limitMs } = this.#options;
    const what = isUp
      ? `${dependency} is up and fails: ${messageOf(error)}; an event it fails for ${limitMs} ms is sent to the dead letters`
      : `${dependency} is away: ${messageOf(error)}; events wait until it is back`;
    log.error({ dependency, err: error }, what);
  }

  #back(dependency: Dependency): void {
    const known = this.#failing.get(dependency);
    if (known === undefined) return;
    this.#failing.delete(dependency);
    this.#options.log.info({ dependency, awayMs: Date.now() - known.since }, `${dependency} is back`);
  }
}

function refusal(dependency: Dependency, limitMs: number, error: unknown): PermanentError {
  const why = `${dependency} is up and has failed this for ${limitMs} ms: ${messageOf(error)}`;
  return new PermanentError('dependency_refuses', why, { cause: error });
}
