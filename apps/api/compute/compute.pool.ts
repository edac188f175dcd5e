/**
 * Threads that compute for the API, a few at a time. Each user has one of them at most, and users take turns: who sends
 * what is dear to compute waits for himself.
 */
import type { Rule } from '#libs/domain/rules/rule.ts';
import { ApiError } from '../http/api.error.ts';
import { ComputeWorker } from './compute.worker.ts';
import type { Computation, Computations } from './computations.ts';

export interface ComputeLimits {
  threads: number;
  /** What one computation may take, in milliseconds. */
  budgetMs: number;
  /** Computations of one user, those under way included. */
  perUser: number;
}

/** What those who need something computed see of it. */
export interface Compute {
  /**
   * @param user whose request it is for @param active for computations that read the active rules
   * @throws ApiError 422 `too_costly`, 429 `too_many_requests`
   */
  run<Name extends Computation>(
    user: string,
    name: Name,
    input: Parameters<Computations[Name]>[0],
    active?: readonly Rule[],
  ): Promise<ReturnType<Computations[Name]>>;
}

type Job = (worker: ComputeWorker) => Promise<void>;

export class ComputePool implements Compute {
  readonly #workers: ComputeWorker[];
  readonly #idle: ComputeWorker[];
  /** By user; in the order of their turns, since a user who has had one is put at the end. */
  readonly #waiting = new Map<string, Job[]>();
  readonly #busy = new Set<string>();
  readonly #perUser: number;

  constructor({ threads, budgetMs, perUser }: ComputeLimits) {
    this.#workers = Array.from({ length: threads }, () => new ComputeWorker(budgetMs));
    this.#idle = [...this.#workers];
    this.#perUser = perUser;
  }

  run<Name extends Computation>(
    user: string,
    name: Name,
    input: Parameters<Computations[Name]>[0],
    active?: readonly Rule[],
  ): Promise<ReturnType<Computations[Name]>> {
    const jobs = this.#waiting.get(user) ?? [];
    if (jobs.length + (this.#busy.has(user) ? 1 : 0) >= this.#perUser) return Promise.reject(tooMany(this.#perUser));
    return new Promise((resolve, reject) => {
      jobs.push((worker) =>
        worker
          .compute(name, input, active)
          .then((output) => resolve(output as ReturnType<Computations[Name]>))
          .catch(reject),
      );
      this.#waiting.set(user, jobs);
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  #next(): void {
    for (const [user, jobs] of this.#waiting) {
      if (this.#busy.has(user)) continue;
      const worker = this.#idle.pop();
      if (worker === undefined) return;
      const job = jobs.shift();
      this.#waiting.delete(user);
      if (jobs.length > 0) this.#waiting.set(user, jobs);
      this.#busy.add(user);
      void job?.(worker).finally(() => {
        this.#busy.delete(user);
        this.#idle.push(worker);
        this.#next();
      });
      // The map has changed under the loop.
      return this.#next();
    }
  }
}

function tooMany(perUser: number): ApiError {
  const message = `Only ${perUser} requests of a user are computed or wait for it: try again in 1 s.`;
  return new ApiError(429, 'too_many_requests', message, [], 1);
}
