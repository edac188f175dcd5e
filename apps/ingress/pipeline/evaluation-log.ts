/** Keeps what rules were held against, and forgets it after some days. */
import { messageOf } from '#libs/domain/errors.ts';
import type { EvaluatedEvent, EvaluatedEvents } from '#libs/domain/evaluated-event.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface EvaluationLogOptions {
  store: Pick<EvaluatedEvents, 'keep' | 'forget'>;
  /** Which events are kept: all that rules were held against, those that matched, or none. */
  kept: 'all' | 'matched' | 'none';
  days: number;
  log: Logger;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Between two looks for what is too old. */
const lookMs = 60 * 60 * 1000;

export class EvaluationLog {
  readonly #options: EvaluationLogOptions;
  #nextLook = 0;

  constructor(options: EvaluationLogOptions) {
    this.#options = options;
  }

  /** Whether an evaluation of this outcome is kept. */
  keeps(outcome: EvaluatedEvent['outcome']): boolean {
    const { kept } = this.#options;
    return kept === 'all' || (kept === 'matched' && outcome !== 'no_match');
  }

  /** May be repeated. @throws what the store throws */
  async keep(evaluated: EvaluatedEvent[], now = Date.now()): Promise<void> {
    if (evaluated.length > 0) await this.#options.store.keep(evaluated);
    if (now < this.#nextLook) return;
    this.#nextLook = now + lookMs;
    void this.#forget(new Date(now - this.#options.days * dayMs).toISOString());
  }

  /** Old evaluations are in nobody's way: what fails is tried again at the next look. */
  async #forget(before: string): Promise<void> {
    const { store, log } = this.#options;
    try {
      while ((await store.forget(before)) > 0);
    } catch (error) {
      log.warn({ err: error }, `old evaluations could not be forgotten: ${messageOf(error)}`);
    }
  }
}
