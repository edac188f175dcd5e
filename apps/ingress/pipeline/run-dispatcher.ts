/** From matches to started runs: one decision an event, one record a run, one workflow a record. */
import { messageOf, SignalboxError } from '#libs/domain/errors.ts';
import type { PlatformEvent } from '#libs/domain/event.ts';
import type { Decision, RunLedger } from '#libs/domain/ledger.ts';
import type { RunInput, RunPatch } from '#libs/domain/run.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';
import { decisionOf, recordsOf } from './decisions.ts';
import type { Gate } from './gate.ts';
import type { Match } from './matching.ts';
import { isPermanent, type Patience } from './patience.ts';
import type { RunStarter } from './run-starter.ts';

export interface DispatcherOptions {
  ledger: Pick<RunLedger, 'decide' | 'claim'>;
  /** Ends the record of a run that Temporal will never take. */
  failRun: (executionId: string, patch: RunPatch) => Promise<void>;
  starter: RunStarter;
  /** Bounds the starts under way at once, over all partitions. */
  gate: Gate;
  patience: Patience;
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
  async decide(matches: Match[], signal: AbortSignal): Promise<{ decided: Decision[]; conflicts: Set<PlatformEvent> }> {
    const { ledger, patience } = this.#options;
    const now = new Date().toISOString();
    const made = matches.map((match) => ({ event: match.subject.event, decision: decisionOf(match, now) }));
    const first = new Map<string, Decision>();
    for (const { decision } of made) if (!first.has(decision.eventId)) first.set(decision.eventId, decision);
    const earlier = await patience.until('store', () => ledger.decide([...first.values()]), signal);
    const conflicts = new Set<PlatformEvent>();
    const decided: Decision[] = [];
    for (const { event, decision } of made) {
      const counts = earlier.get(event.id) ?? first.get(event.id);
      if (counts?.fingerprint !== decision.fingerprint) conflicts.add(event);
      else if (first.get(event.id) === decision) decided.push(counts);
    }
    for (const decision of decided) this.#logMatch(decision, earlier.has(decision.eventId));
    return { decided, conflicts };
  }

  /** Resolves when every run of the decisions is known to Temporal, or refused by it for good. */
  async dispatch(decisions: Decision[], signal: AbortSignal): Promise<void> {
    const { ledger, patience } = this.#options;
    const records = decisions.flatMap(recordsOf);
    if (records.length === 0) return;
    const open = await patience.until('store', () => ledger.claim(records), signal);
    await Promise.all(
      decisions.map(async ({ runs }) => {
        // One after the other: the order of starts is the order of priority.
        for (const run of runs) if (open.has(run.executionId)) await this.#start(run, signal);
      }),
    );
  }

  async #start(run: RunInput, signal: AbortSignal): Promise<void> {
    const { gate, patience, starter, metrics } = this.#options;
    try {
      const outcome = await gate.through(() => patience.until('Temporal', () => starter.start(run), signal));
      metrics.starts.inc({ outcome });
    } catch (error) {
      if (!isPermanent(error)) throw error;
      await this.#refused(run, error, signal);
    }
  }

  async #refused(run: RunInput, error: unknown, signal: AbortSignal): Promise<void> {
    const { failRun, patience, metrics, log } = this.#options;
    const code = error instanceof SignalboxError ? error.code : 'start_failed';
    const patch: RunPatch = {
      status: 'failed',
      started_at: null,
      finished_at: new Date().toISOString(),
      duration_ms: null,
      error: { code, message: messageOf(error), action: null },
      actions: [],
    };
    await patience.until('store', () => failRun(run.executionId, patch), signal);
    metrics.starts.inc({ outcome: 'refused' });
    log.error(
      { runId: run.executionId, ruleId: run.rule.id, eventId: run.event.id, err: error },
      'the run cannot be started',
    );
  }

  #logMatch({ eventId, runs, skipped }: Decision, redelivered: boolean): void {
    const { metrics, log } = this.#options;
    const trigger = runs[0]?.event.trigger ?? '';
    if (!redelivered) metrics.matches.inc({ trigger }, runs.length + skipped.length);
    log.info(
      {
        eventId,
        trigger,
        brand: runs[0]?.context.brand ?? null,
        rules: runs.map(({ rule }) => ({ id: rule.id, name: rule.name })),
        skipped: skipped.map(({ rule }) => ({ id: rule.id, name: rule.name })),
      },
      redelivered ? 'event delivered again: following the first decision' : 'event matched',
    );
  }
}
