import type { HealthCheck } from '#libs/telemetry/health.ts';

/** The check of a dependency that is still being reached: down until it is given what to ask. */
export class WorkerHealthIndicator implements HealthCheck {
  readonly name: string;
  #ask: ((signal: AbortSignal) => Promise<void>) | null = null;
  #reason = 'not reached yet';

  constructor(name: string) {
    this.name = name;
  }

  become(ask: (signal: AbortSignal) => Promise<void>): void {
    this.#ask = ask;
  }

  /** Why it has not been reached yet. */
  because(reason: string): void {
    this.#reason = reason;
  }

  async check(signal: AbortSignal): Promise<void> {
    if (this.#ask === null) throw new Error(this.#reason);
    await this.#ask(signal);
  }
}

/** What the worker cannot work without; each is down until it was reached. */
export class WorkerHealth {
  readonly temporal = new WorkerHealthIndicator('temporal');
  readonly store = new WorkerHealthIndicator('store');
  readonly kafka = new WorkerHealthIndicator('kafka');
  readonly workers = new WorkerHealthIndicator('workers');

  get all(): HealthCheck[] {
    return [this.temporal, this.store, this.kafka, this.workers];
  }
}
