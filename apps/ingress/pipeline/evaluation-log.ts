/** Keeps for some days what rules were held against and none matched, so that it can be explained. */
import { messageOf } from '#libs/domain/errors/errors.ts';
import type { EvaluatedEvent, EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface EvaluationLogOptions {
  store: Pick<EvaluatedEvents, 'keep' | 'forget'>;
  keepsUnmatched: boolean;
  days: number;
  log: Logger;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Between two looks for what is too old. */
const pollMs = 60 * 60 * 1000;

export class EvaluationLog {
  readonly #options: EvaluationLogOptions;
  #nextLook = 0;

  constructor(options: EvaluationLogOptions) {
    this.#options = options;
  }

  get keepsUnmatched(): boolean {
    return this.#options.keepsUnmatched;
  }

  /** May be repeated. @throws what the store throws */
  async keep(evaluated: EvaluatedEvent[], now = Date.now()): Promise<void> {
    if (evaluated.length > 0) await this.#options.store.keep(evaluated);
    if (now < this.#nextLook) return;
    this.#nextLook = now + pollMs;
    void this.#forget(new Date(now - this.#options.days * dayMs).toISOString());
  }

  /** Old evaluations do no harm: what fails is tried again at the next look. */
  async #forget(before: string): Promise<void> {
    const { store, log } = this.#options;
    try {
      while ((await store.forget(before)) > 0);
    } catch (error) {
      log.warn({ err: error }, `old evaluations could not be forgotten: ${messageOf(error)}`);
    }
  }
}
