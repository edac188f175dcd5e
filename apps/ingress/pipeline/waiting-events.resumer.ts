/** Goes on with events that waited for their account. */
import { isPermanent, type RetryPolicy } from '#libs/async/retry.ts';
import type { WaitingEvent } from '#libs/domain/events/waiting-event.ts';
import type { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { idConflict } from './delivery.ts';
import { readCustomerStates } from './directory-updates.ts';
import type { EventMatcher } from './event-matcher.ts';
import type { RunDispatcher } from './run-dispatcher.ts';
import type { WaitingList } from './waiting-list.ts';

export interface WaitingEventsOptions {
  waiting: WaitingList;
  rules: RuleIndex;
  directory: DirectoryCache;
  dispatcher: RunDispatcher;
  retryPolicy: RetryPolicy;
  log: Logger;
}

export class WaitingEventsResumer {
  readonly #options: WaitingEventsOptions;
  readonly #matcher: EventMatcher;

  constructor(options: WaitingEventsOptions, matcher: EventMatcher) {
    this.#options = options;
    this.#matcher = matcher;
  }

  /**
   * Decides events that have waited, and starts their runs.
   * @param isLast whether they wait no longer: an event without a brand then starts what no brand is needed for
   */
  async resume(events: readonly WaitingEvent[], isLast: boolean, signal: AbortSignal): Promise<void> {
    const { waiting, directory, dispatcher, retryPolicy, rules, log } = this.#options;
    const held = new Map(events.flatMap((one) => (one.held === null ? [] : [[one.event, one.held]])));
    await retryPolicy.retry('store', () => directory.refresh({}), signal);
    for (const one of events) {
      try {
        const report = await this.#matcher.match(
          [one.event],
          held,
          { mayWait: !isLast, said: readCustomerStates([one.event]) },
          signal,
        );
        // A rule of a newer build has to be held against it, too.
        if (report.evaluated.some(({ trigger, brand }) => rules.isHeldUp(trigger, brand))) continue;
        if (report.waiting.length > 0) {
          if (report.waiting[0]!.waitsFor !== one.waitsFor) {
            await retryPolicy.retry('store', () => waiting.keep(report.waiting), signal);
          }
          continue;
        }
        await this.#matcher.tell(report, one.event.topic, signal);
        const { decided, conflicts } = await dispatcher.decide(report.matches, signal);
        if (conflicts.size > 0) log.warn({ eventId: one.event.id }, idConflict(one.event).message);
        await dispatcher.dispatch(decided, signal);
        const isForAPerson = report.tally.has('no_brand') || conflicts.size > 0;
        await retryPolicy.retry(
          'store',
          () => (isForAPerson ? waiting.giveUp(one.key) : waiting.remove([one.key])),
          signal,
        );
      } catch (error) {
        if (!isPermanent(error)) throw error;
        log.error({ eventId: one.event.id, err: error }, 'a waiting event cannot be processed: it is given up');
        await retryPolicy.retry('store', () => waiting.giveUp(one.key), signal);
      }
    }
  }

  /** Decides events that have waited for accounts that are known now. */
  async resumeFor(logins: readonly number[], signal: AbortSignal): Promise<void> {
    const { waiting, retryPolicy } = this.#options;
    if (logins.length === 0) return;
    if (!(await retryPolicy.retry('store', () => waiting.any(), signal))) return;
    for (const login of new Set(logins)) {
      for (let last: WaitingEvent | null = null; ;) {
        const page: WaitingEvent[] = await retryPolicy.retry('store', () => waiting.forAccount(login, last), signal);
        if (page.length === 0) break;
        await this.resume(page, false, signal);
        last = page.at(-1)!;
      }
    }
  }
}
