/** Forgets reported events that are old enough, once an hour. Several processes may do so at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookClaims } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface ClaimUpkeepOptions {
  claims: Pick<WebhookClaims, 'forget'>;
  days: number;
  log: Pick<Logger, 'warn'>;
  /** Between two rounds, in milliseconds. */
  everyMs?: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export class ClaimUpkeep {
  readonly #options: Required<ClaimUpkeepOptions>;
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: ClaimUpkeepOptions) {
    this.#options = { everyMs: hourMs, ...options };
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { claims, days, log, everyMs } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const before = new Date(Date.now() - days * dayMs).toISOString();
      try {
        while (!signal.aborted && (await claims.forget(before)) > 0);
      } catch (error) {
        // What is left is forgotten an hour later.
        log.warn({ err: error }, 'old reports of workflow webhooks could not be forgotten');
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  }
}
