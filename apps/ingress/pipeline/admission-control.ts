/**
 * Asks the guards of rules whether runs may start: between the decision about an event and the records of its runs. An
 * interruption anywhere leads to the same answers at the next delivery, since what a guard remembers names the run, and
 * no run is asked about once its record says what became of it.
 */
import type { RunLedger } from '#libs/domain/runs/run-ledger.ts';
import type { AdmissionStore, AdmissionCandidate } from '#libs/domain/admission/admission.ts';
import type { Denial } from '#libs/domain/runs/denial.ts';
import type { AdmissionPolicy } from '#libs/domain/rules/admission-policy.ts';
import type { ReEnroll, RunLimit } from '#libs/domain/rules/rule.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';
import type { StoredDecision, AdmissionResult } from './build-decision.ts';
import type { LimitAlerts } from './limit-alerts.ts';
import type { RetryPolicy } from '#libs/async/retry.ts';

export interface AdmissionControlOptions {
  book: AdmissionStore;
  ledger: Pick<RunLedger, 'recorded'>;
  breaches: LimitAlerts;
  retryPolicy: RetryPolicy;
  metrics: IngressMetrics;
  log: Logger;
}

const noDenials: AdmissionResult = { skipped: new Map(), held: new Map() };

export class AdmissionControl {
  readonly #options: AdmissionControlOptions;

  constructor(options: AdmissionControlOptions) {
    this.#options = options;
  }

  /** Reads nothing for rules without guards. */
  async ask(decided: StoredDecision[], signal: AbortSignal): Promise<AdmissionResult> {
    const asked = await this.#unrecorded(
      decided.filter(({ decision }) => decision.guards !== undefined),
      signal,
    );
    if (asked.length === 0) return noDenials;
    const { book, breaches, retryPolicy } = this.#options;
    const toReEnroll = asked.flatMap(({ guard, ...run }): AdmissionCandidate<ReEnroll>[] =>
      guard.re_enroll === undefined ? [] : [{ ...run, guard: guard.re_enroll }],
    );
    const skipped =
      toReEnroll.length === 0
        ? noDenials.skipped
        : await retryPolicy.retry('store', () => book.reEnroll(toReEnroll), signal);
    // What does not run anyway counts towards no limit.
    const toCount = asked.flatMap(({ guard, ...run }): AdmissionCandidate<RunLimit>[] =>
      guard.limit === undefined || skipped.has(run.run.executionId) ? [] : [{ ...run, guard: guard.limit }],
    );
    const held =
      toCount.length === 0 ? noDenials.held : await retryPolicy.retry('store', () => book.count(toCount), signal);
    // Before the records are inserted: a redelivered event finds them, and would tell no manager.
    const over = toCount.filter(({ run }) => held.has(run.executionId));
    if (over.length > 0) await retryPolicy.retry('store', () => breaches.notify(over), signal);
    this.#report(asked, { skipped, held });
    return { skipped, held };
  }

  async #unrecorded(decided: StoredDecision[], signal: AbortSignal): Promise<AdmissionCandidate<AdmissionPolicy>[]> {
    const { ledger, retryPolicy } = this.#options;
    const repeated = decided.filter(({ again }) => again).flatMap(({ decision }) => Object.keys(decision.guards ?? {}));
    const recorded =
      repeated.length === 0 ? new Set() : await retryPolicy.retry('store', () => ledger.recorded(repeated), signal);
    return decided.flatMap(({ decision: { runs, guards, decidedAt } }) =>
      runs.flatMap((run) => {
        const guard = recorded.has(run.executionId) ? undefined : guards?.[run.executionId];
        return guard === undefined ? [] : [{ run, guard, decidedAt }];
      }),
    );
  }

  #report(asked: AdmissionCandidate<AdmissionPolicy>[], { skipped, held }: AdmissionResult): void {
    const { metrics, log } = this.#options;
    for (const { run } of asked) {
      const tell = (denial: Denial | undefined, reason: string, message: string): void => {
        if (denial === undefined) return;
        metrics.guarded.inc({ rule: run.rule.id, reason });
        log.info({ runId: run.executionId, ruleId: run.rule.id, eventId: run.event.id, reason: denial.note }, message);
      };
      tell(skipped.get(run.executionId), 're_enroll', 'run skipped');
      tell(held.get(run.executionId), 'limit', 'run held');
    }
  }
}
