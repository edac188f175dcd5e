/**
 * The lane of postponed events: those that would have held up their partition, because matching them takes long or a
 * rule for them cannot be used by this build. It takes one at a time, of one brand after the other, and works no more
 * than half of the time. Each step may be repeated: the first decision about an event counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SignalboxError } from '#libs/domain/errors/errors.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { PostponedEvent, PostponedEvents } from '#libs/domain/matching/postponed-event.ts';
import type { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { DeadLetters } from '#libs/kafka/dead-letter.ts';
import { addResult, emptyReport, type MatchReport } from '#libs/matching/match-events.ts';
import type { EventBudget } from '#libs/matching/event-budget.ts';
import { Pace } from '#libs/matching/pace.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';
import type { GiveUpReason } from './delivery.ts';
import type { EvaluationLog } from './evaluation-log.ts';
import { matchPaced } from './paced-match.ts';
import { isPermanent, type RetryPolicy } from '#libs/async/retry.ts';
import { toDeadLetter, toCandidate } from './postponed-message.ts';
import type { RunDispatcher } from './run-dispatcher.ts';

export interface PostponedLaneOptions {
  events: PostponedEvents;
  rules: RuleIndex;
  budget: EventBudget;
  /** How long one rule may take for one event, in milliseconds. */
  ruleMs: number;
  dispatcher: RunDispatcher;
  evaluations: EvaluationLog;
  deadLetters: DeadLetters;
  /** Topic of a full topic name, without the installation's prefix. */
  logicalTopic: (topic: string) => string;
  retryPolicy: RetryPolicy;
  metrics: IngressMetrics;
  log: Logger;
}

/** What one process is at work on is another's after this time, unless it says that it still is, in milliseconds. */
const leaseMs = 30_000;
/** Between two looks for events while there are none, in milliseconds. */
const idleMs = 500;
/** Between two counts of all that are postponed, in milliseconds. */
const countMs = 2000;
/** Until an event is looked at again for which a rule cannot be used, in milliseconds. */
const heldUpMs = 5000;

export class PostponedLane {
  readonly #options: PostponedLaneOptions;
  readonly #ending = new AbortController();
  readonly #pace = new Pace({ sliceMs: 10, restMs: 10 });
  #running: Promise<void> = Promise.resolve();
  #lastBrand = '';
  #counting: NodeJS.Timeout | undefined;

  constructor(options: PostponedLaneOptions) {
    this.#options = options;
  }

  /** Call once the rules are known. */
  start(): void {
    this.#running = this.#run(this.#ending.signal);
    this.#counting = setInterval(() => void this.#tellCount(), countMs);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    clearInterval(this.#counting);
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (!(await this.#next(signal))) await sleep(idleMs, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        this.#options.log.error({ err: error }, `postponed events cannot be taken: ${messageOf(error)}; trying again`);
        await sleep(heldUpMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** @returns false when there is nothing to do */
  async #next(signal: AbortSignal): Promise<boolean> {
    const { events, retryPolicy } = this.#options;
    const take = () => events.take(this.#lastBrand, Date.now(), leaseMs);
    const event = await retryPolicy.retryForever('store', take, signal);
    if (event === null) return false;
    this.#lastBrand = event.brand ?? '';
    const renewing = setInterval(() => void this.#leave(event, leaseMs), leaseMs / 3);
    try {
      await this.#handle(event, signal);
    } finally {
      clearInterval(renewing);
      // Another process need not wait until the lease is over.
      if (signal.aborted) await this.#leave(event, 0);
    }
    return true;
  }

  async #handle(event: PostponedEvent, signal: AbortSignal): Promise<void> {
    const { events, rules, retryPolicy, log } = this.#options;
    if (rules.isHeldUp(event.trigger, event.brand)) {
      return retryPolicy.retryForever('store', () => events.leave(event.id, Date.now() + heldUpMs), signal);
    }
    try {
      await this.#process(event, signal);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      const reason = error instanceof SignalboxError ? error.code : 'internal_error';
      log.error({ eventId: event.event.id, err: error }, 'a postponed event cannot be processed');
      await this.#sendToDeadLetters(event, { reason, message: messageOf(error) }, signal);
    }
    await retryPolicy.retryForever('store', () => events.remove(event.id), signal);
  }

  async #process(event: PostponedEvent, signal: AbortSignal): Promise<void> {
    const { rules, budget, ruleMs, evaluations, dispatcher, retryPolicy } = this.#options;
    const { trigger, brand, context } = event;
    const { revision } = rules;
    const task = rules.begin(trigger, context);
    const { tookMs, overrun } = await matchPaced(task, this.#pace, ruleMs, signal);
    budget.note(trigger, brand, overrun === null ? tookMs : Infinity);
    if (overrun !== null) return this.#rejectSlowRule(overrun, event, signal);
    const report = emptyReport();
    addResult(report, toCandidate(event), task.result(), rules, revision, evaluations.keepsUnmatched);
    this.#count(report, event);
    const at = new Date().toISOString();
    const kept = report.unmatched.map(({ outcome }) => {
      return { eventKey: eventKey(event.event), eventId: event.event.id, trigger, at, revision, outcome, context };
    });
    await retryPolicy.retry('store', () => evaluations.keep(kept), signal);
    if (report.matches.length === 0) return;
    const { decided, conflicts } = await dispatcher.decide(report.matches, signal);
    await dispatcher.dispatch(decided, signal);
    if (conflicts.size === 0) return;
    const message = `another event has come under the id ${event.event.id}: ids must be unique`;
    await this.#sendToDeadLetters(event, { reason: 'event_id_conflict', message }, signal);
  }

  /** None of its rules is processed: the slow one might have held others back, and a decision is made only once. */
  async #rejectSlowRule(rule: { id: string; name: string }, event: PostponedEvent, signal: AbortSignal): Promise<void> {
    const { metrics, log, ruleMs } = this.#options;
    const { id: ruleId, name } = rule;
    metrics.overruns.inc({ rule: ruleId });
    const message =
      `the conditions of rule "${name}" (${ruleId}) took longer than ${ruleMs} ms: ` +
      'correct the rule, then publish the event again';
    log.error({ ruleId, eventId: event.event.id }, message);
    await this.#sendToDeadLetters(event, { reason: 'rule_too_slow', message }, signal);
  }

  async #sendToDeadLetters(
    { message: original, brand }: PostponedEvent,
    why: GiveUpReason,
    signal: AbortSignal,
  ): Promise<void> {
    const { retryPolicy, deadLetters, metrics, log } = this.#options;
    await retryPolicy.retryForever('Kafka', () => deadLetters.send(toDeadLetter({ ...why, brand }, original)), signal);
    metrics.deadLetters.inc({ reason: why.reason });
    const { topic, partition, offset } = original;
    log.warn({ topic, partition, offset, reason: why.reason }, `message sent to the dead letters: ${why.message}`);
  }

  async #tellCount(): Promise<void> {
    const { events, metrics, log } = this.#options;
    try {
      metrics.postponed.set(await events.count());
    } catch (error) {
      metrics.postponed.set(NaN);
      log.debug({ err: error }, 'postponed events could not be counted');
    }
  }

  /** A failure is logged only: two processes that take the same event come to the same decision. */
  async #leave({ id }: PostponedEvent, forMs: number): Promise<void> {
    const { events, log } = this.#options;
    try {
      await events.leave(id, Date.now() + forMs);
    } catch (error) {
      log.debug({ err: error }, 'the lease of a postponed event could not be changed');
    }
  }

  #count({ tally, warnings }: MatchReport, { message: { topic } }: PostponedEvent): void {
    const { metrics, log, logicalTopic } = this.#options;
    for (const { fields, message } of warnings) log.warn(fields, message);
    for (const { outcome, trigger, count } of tally) {
      metrics.events.inc({ topic: logicalTopic(topic), trigger, outcome }, count);
    }
  }
}
