/** What a look through many runs did. One run that cannot be looked at is told of and holds up no other. */
import { messageOf, SignalboxError } from '#libs/domain/errors/errors.ts';

export type Counted = 'closed' | 'started' | 'unknown' | 'failed';

export interface TallyPorts {
  heartbeat(): void;
  /** One line of the log. */
  warn(message: string, fields: Record<string, unknown>): void;
  now(): Date;
}

export class Tally {
  readonly counts: Record<Counted, number> = { closed: 0, started: 0, unknown: 0, failed: 0 };
  readonly #ports: TallyPorts;
  readonly #until: number;

  /** @param budgetMs after which no further run is looked at */
  constructor(ports: TallyPorts, budgetMs: number) {
    this.#ports = ports;
    this.#until = ports.now().getTime() + budgetMs;
  }

  get isInTime(): boolean {
    return this.#ports.now().getTime() < this.#until;
  }

  async each(executionId: string, work: () => Promise<void>): Promise<void> {
    this.#ports.heartbeat();
    try {
      await work();
    } catch (error) {
      const what = 'a run cannot be reconciled: it is looked at again';
      this.count('failed', executionId, what, {
        code: error instanceof SignalboxError ? error.code : undefined,
        error: messageOf(error),
      });
    }
  }

  /** @param message for the log; nothing is told without one */
  count(what: Counted, runId?: string, message?: string, more: Record<string, unknown> = {}): void {
    this.counts[what] += 1;
    if (message !== undefined) this.#ports.warn(message, { runId, ...more });
  }
}
