/** Whether a process can do its work now: every dependency asked with a real round trip, never a remembered flag. */
import { messageOf } from '#libs/domain/errors/errors.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import { withoutAddresses } from '#libs/domain/masking/without-addresses.ts';
import type { HealthCheck } from './health.ts';
import type { Logger } from './logger.ts';

export interface CheckReport {
  name: string;
  status: 'up' | 'down';
  /** Masked, and without addresses: `/health/ready` needs no session. The log has them. */
  error?: string;
  durationMs: number;
}

export interface ReadinessOptions {
  log: Logger;
  /** How long one round of checks may take, in milliseconds. */
  deadlineMs?: number;
}

export class Readiness {
  readonly #checks: readonly HealthCheck[];
  readonly #log: Logger;
  readonly #deadlineMs: number;
  readonly #known = new Map<string, CheckReport['status']>();
  #underway: Promise<CheckReport[]> | null = null;

  constructor(checks: readonly HealthCheck[], { log, deadlineMs = 2000 }: ReadinessOptions) {
    this.#checks = checks;
    this.#log = log;
    this.#deadlineMs = deadlineMs;
  }

  /** Never rejects. Probes that overlap share one round, so that many of them cost a dependency no more than one. */
  report(): Promise<CheckReport[]> {
    this.#underway ??= this.#ask().finally(() => (this.#underway = null));
    return this.#underway;
  }

  async #ask(): Promise<CheckReport[]> {
    const checks = await Promise.all(this.#checks.map((check) => this.#askOne(check)));
    for (const check of checks) this.#logChange(check);
    return checks.map(({ error, ...check }) =>
      error === undefined ? check : { ...check, error: withoutAddresses(error) },
    );
  }

  async #askOne(dependency: HealthCheck): Promise<CheckReport> {
    const { name } = dependency;
    const since = performance.now();
    const durationMs = () => Math.round(performance.now() - since);
    const deadline = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    // A check that ignores its signal must not hold up the answer.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`no answer within ${this.#deadlineMs} ms`);
        deadline.abort(error);
        reject(error);
      }, this.#deadlineMs);
    });
    try {
      await Promise.race([dependency.check(deadline.signal), late]);
      return { name, status: 'up', durationMs: durationMs() };
    } catch (error) {
      return { name, status: 'down', error: maskText(messageOf(error)), durationMs: durationMs() };
    } finally {
      clearTimeout(timer);
    }
  }

  /** One line for each change; the first report is one only where something is down. */
  #logChange({ name, status, error }: CheckReport): void {
    const before = this.#known.get(name) ?? 'up';
    this.#known.set(name, status);
    if (status === before) return;
    if (status === 'down') this.#log.warn({ dependency: name, error }, `${name} is down`);
    else this.#log.info({ dependency: name }, `${name} is up again`);
  }
}
