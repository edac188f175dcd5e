/** Holds events against the rules, and tells what came of it: metrics, log, and what an explanation is made of. */
import type { RetryPolicy } from '#libs/async/retry.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { EvaluatedEvent } from '#libs/domain/matching/evaluated-event.ts';
import type { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';
import { emptyReport, matchEvents, type MatchingOptions, type MatchReport } from '#libs/matching/match-events.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';
import type { Held } from './delivery.ts';
import type { EvaluationLog } from './evaluation-log.ts';

export interface EventMatcherOptions {
  rules: RuleIndex;
  directory: DirectoryCache;
  evaluations: EvaluationLog;
  retryPolicy: RetryPolicy;
  metrics: IngressMetrics;
  log: Logger;
}

export class EventMatcher {
  readonly #options: EventMatcherOptions;

  constructor(options: EventMatcherOptions) {
    this.#options = options;
  }

  async match(
    events: readonly PlatformEvent[],
    held: Held,
    options: Pick<MatchingOptions, 'mayWait' | 'budget' | 'said'>,
    signal: AbortSignal,
  ): Promise<MatchReport> {
    const { rules, directory, retryPolicy, evaluations } = this.#options;
    if (!events.some(({ trigger }) => trigger !== null && rules.hasTrigger(trigger))) {
      const report = emptyReport();
      report.tally.add('no_rule', '', events.length);
      return report;
    }
    const all = { ...options, asksUnmatched: evaluations.keepsUnmatched, signal };
    return retryPolicy.retry('store', () => matchEvents(events, rules, directory, held, all), signal);
  }

  /** @param topic logical name */
  async tell(report: MatchReport, topic: string, signal: AbortSignal): Promise<void> {
    const { metrics, log } = this.#options;
    for (const { fields, message } of report.warnings) log.warn(fields, message);
    for (const { outcome, trigger, count } of report.tally) metrics.events.inc({ topic, trigger, outcome }, count);
    await this.#keepUnmatched(report, signal);
  }

  /** What starts something is kept by its decision. */
  async #keepUnmatched({ unmatched }: MatchReport, signal: AbortSignal): Promise<void> {
    const { evaluations, retryPolicy } = this.#options;
    const at = new Date().toISOString();
    const kept = unmatched.map(({ subject, outcome, revision }): EvaluatedEvent => {
      const { event, trigger } = subject;
      const context = subject.context();
      return { eventKey: eventKey(event), eventId: event.id, trigger, at, revision, outcome, context };
    });
    await retryPolicy.retry('store', () => evaluations.keep(kept), signal);
  }
}
