import type { HealthCheck } from '#libs/telemetry/health.ts';

/** The check of a dependency that is still being reached: down until it is given what to ask. */
export class LateCheck implements HealthCheck {
  readonly name: string;
  #ask: ((signal: AbortSignal) => Promise<void>) | null = null;

  constructor(name: string) {
    this.name = name;
  }

  become(ask: (signal: AbortSignal) => Promise<void>): void {
    this.#ask = ask;
  }

  async check(signal: AbortSignal): Promise<void> {
    if (this.#ask === null) throw new Error('not reached yet');
    await this.#ask(signal);
  }
}
