/** From matches to started runs: one decision an event, one record a run, one workflow a record. */
import { hasFingerprint } from '#libs/contracts/event-fingerprint.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { Decision, RunLedger } from '#libs/domain/runs/run-ledger.ts';
import type { RunNumbers } from '#libs/domain/runs/run-numbers.ts';
import type { RunInput, RunPatch } from '#libs/domain/runs/run.ts';
import type { LimitFunction } from 'p-limit';
import type { Logger } from '#libs/telemetry/logger.ts';
import { refusedEnd, type RunStarter } from '#temporal/client/run-starter.ts';
import type { IngressMetrics } from '../metrics.ts';
import { buildDecision, buildRunRecords, type StoredDecision, type AdmissionResult } from './build-decision.ts';
import type { AdmissionControl } from './admission-control.ts';
import type { Match } from '#libs/matching/match-events.ts';
import { isPermanent, type RetryPolicy } from '#libs/async/retry.ts';

export interface DispatcherOptions {
  ledger: Pick<RunLedger, 'decide' | 'decisions' | 'claim'>;
  numbers: RunNumbers;
  guards: AdmissionControl;
  /** Ends the record of a run that Temporal will never take. */
  failRun: (executionId: string, patch: RunPatch) => Promise<void>;
  starter: RunStarter;
  /** Bounds the starts under way at once, over all partitions. */
  limit: LimitFunction;
  retryPolicy: RetryPolicy;
  metrics: IngressMetrics;
  log: Logger;
}

export class RunDispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /**
   * Stores what was decided, or finds what had been decided before about the same event ids.
   * @returns the decisions that count, in order of the events, and the events whose id belongs to another event
   */
  async decide(
    matches: Match[],
    signal: AbortSignal,
  ): Promise<{ decided: StoredDecision[]; conflicts: Set<PlatformEvent> }> {
    const { ledger, numbers, retryPolicy } = this.#options;
    const now = new Date().toISOString();
    const count = matches.reduce((sum, { matched }) => sum + matched.length, 0);
    const taken = count === 0 ? [] : await retryPolicy.retry('store', () => numbers.take(count), signal);
    const next = (): number => taken.shift()!;
    const made = matches.map((match) => ({ event: match.subject.event, decision: buildDecision(match, now, next) }));
    const first = new Map<string, Decision>();
    for (const { decision } of made) if (!first.has(decision.eventKey)) first.set(decision.eventKey, decision);
    const earlier = await retryPolicy.retry('store', () => ledger.decide([...first.values()]), signal);
    const conflicts = new Set<PlatformEvent>();
    const decided: StoredDecision[] = [];
    for (const { event, decision } of made) {
      const { eventKey: key } = decision;
      const counts = earlier.get(key) ?? first.get(key)!;
      if (!hasFingerprint(event, counts.fingerprint)) conflicts.add(event);
      else if (first.get(key) === decision) decided.push({ decision: counts, again: earlier.has(key) });
    }
    for (const one of decided) this.#logMatch(one);
    return { decided, conflicts };
  }

  /**
   * What was decided about events at an earlier delivery; an event without a decision has matched nothing.
   * @returns the decisions, in order of the events, and the events whose id belongs to another event
   */
  async recall(
    events: readonly PlatformEvent[],
    signal: AbortSignal,
  ): Promise<{ decided: StoredDecision[]; conflicts: Set<PlatformEvent> }> {
    const { ledger, retryPolicy } = this.#options;
    const stored = await retryPolicy.retry('store', () => ledger.decisions(events.map(eventKey)), signal);
    const conflicts = new Set<PlatformEvent>();
    const decided = new Map<string, StoredDecision>();
    for (const event of events) {
      const key = eventKey(event);
      const decision = stored.get(key);
      if (decision === undefined) continue;
      if (!hasFingerprint(event, decision.fingerprint)) conflicts.add(event);
      else decided.set(key, { decision, again: true });
    }
    for (const one of decided.values()) this.#logMatch(one);
    return { decided: [...decided.values()], conflicts };
  }

  /** Resolves when every run of the decisions is known to Temporal, refused by it for good, or kept back by a guard. */
  async dispatch(decided: StoredDecision[], signal: AbortSignal): Promise<void> {
    const { ledger, guards, retryPolicy } = this.#options;
    const verdicts = await guards.ask(decided, signal);
    const records = decided.flatMap(({ decision }) => buildRunRecords(decision, verdicts));
    if (records.length === 0) return;
    const held = heldRuns(decided, verdicts.held);
    const open = await retryPolicy.retry('store', () => ledger.claim(records, held), signal);
    await Promise.all(
      decided.map(async ({ decision: { runs } }) => {
        // One after the other: the order of starts is the order of priority.
        for (const run of runs) if (open.has(run.executionId)) await this.#start(run, signal);
      }),
    );
  }

  async #start(run: RunInput, signal: AbortSignal): Promise<void> {
    const { limit, retryPolicy, starter, metrics } = this.#options;
    try {
      const outcome = await limit(() => retryPolicy.retry('Temporal', () => starter.start(run), signal));
      metrics.starts.inc({ outcome });
    } catch (error) {
      if (!isPermanent(error)) throw error;
      await this.#refused(run, error, signal);
    }
  }

  async #refused(run: RunInput, error: unknown, signal: AbortSignal): Promise<void> {
    const { failRun, retryPolicy, metrics, log } = this.#options;
    await retryPolicy.retry('store', () => failRun(run.executionId, refusedEnd(error)), signal);
    metrics.starts.inc({ outcome: 'refused' });
    log.error(
      { runId: run.executionId, ruleId: run.rule.id, eventId: run.event.id, err: error },
      'the run cannot be started',
    );
  }

  #logMatch({ decision: { eventId, runs, skipped, shadow = [] }, again }: StoredDecision): void {
    const { metrics, log } = this.#options;
    const first = runs[0] ?? shadow[0];
    const trigger = first?.event.trigger ?? '';
    if (!again) {
      metrics.matches.inc({ trigger }, runs.length + skipped.length);
      metrics.shadowMatches.inc({ trigger }, shadow.length);
    }
    log.info(
      {
        eventId,
        trigger,
        brand: first?.context.brand ?? null,
        rules: runs.map(({ rule }) => ({ id: rule.id, name: rule.name })),
        skipped: skipped.map(({ rule }) => ({ id: rule.id, name: rule.name })),
        shadow: shadow.map(({ rule }) => ({ id: rule.id, name: rule.name })),
      },
      again ? 'event delivered again: following the first decision' : 'event matched',
    );
  }
}

function heldRuns(decided: StoredDecision[], held: AdmissionResult['held']): Map<string, RunInput> {
  const inputs = new Map<string, RunInput>();
  if (held.size === 0) return inputs;
  for (const run of decided.flatMap(({ decision }) => decision.runs)) {
    if (held.has(run.executionId)) inputs.set(run.executionId, run);
  }
  return inputs;
}
