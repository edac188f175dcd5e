/**
 * Holds a rule against recorded events, beside the version of it that is stored. It is given nothing to write with, and
 * reads the directory as it is now: what an account or a customer was like at the time of an event is not kept.
 */
import { decodeMessage, type DecodeLimits, type IncomingMessage } from '#libs/contracts/decode-message.ts';
import { mostSamples, type BacktestDifference, type BacktestResult } from '#libs/domain/backtest.ts';
import type { DirectoryReader } from '#libs/domain/directory.ts';
import { maskValue } from '#libs/domain/masking.ts';
import { RuleIndex } from '#libs/domain/rule-index.ts';
import type { Rule } from '#libs/domain/rule.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';
import { loadAccounts, loadCustomers, resolveBrands, Subject } from '#libs/matching/subjects.ts';

export interface BacktestPorts {
  candidate: Rule;
  /** The version it would replace; null when there is none. */
  stored: Rule | null;
  directory: DirectoryReader;
  limits: DecodeLimits;
}

const notes = [
  'Accounts and customers are read as they are now, not as they were at the time of the events.',
  'The guards re_enroll and limit, and stop_after of other rules, are not asked.',
];

export class Backtest {
  readonly #directory: DirectoryCache;
  readonly #limits: DecodeLimits;
  readonly #candidate: RuleIndex;
  readonly #stored: RuleIndex | null;
  /** Both. */
  readonly #indexes: RuleIndex[];
  readonly #trigger: string;
  /** Ids of events that matched: one that was published twice counts once. */
  readonly #matched = new Set<string>();
  readonly #result: BacktestResult;

  /** @throws PermanentError `rule_not_usable` */
  constructor({ candidate, stored, directory, limits }: BacktestPorts) {
    this.#directory = new DirectoryCache(directory);
    this.#limits = limits;
    this.#candidate = indexOf(candidate);
    this.#stored = stored === null ? null : indexOf(stored);
    this.#indexes = this.#stored === null ? [this.#candidate] : [this.#candidate, this.#stored];
    this.#trigger = candidate.trigger_event;
    this.#result = {
      events_read: 0,
      undecodable: 0,
      events_of_trigger: 0,
      matches: 0,
      matches_per_day: {},
      samples: [],
      difference: stored === null ? null : noDifference(),
      from: null,
      to: null,
      notes,
    };
  }

  get progress(): Pick<BacktestResult, 'events_read' | 'matches'> {
    return this.#result;
  }

  get result(): BacktestResult {
    return structuredClone(this.#result);
  }

  /** Takes messages in the order in which they were published. @throws what the directory throws */
  async take(messages: readonly IncomingMessage[]): Promise<void> {
    const subjects: Subject[] = [];
    for (const message of messages) {
      this.#result.events_read += 1;
      const decoded = decodeMessage(message, this.#limits);
      if ('deadLetter' in decoded) {
        this.#result.undecodable += 1;
        continue;
      }
      const { event } = decoded;
      this.#span(event.occurredAt);
      if (event.trigger === null) continue;
      if (event.trigger === this.#trigger) this.#result.events_of_trigger += 1;
      if (this.#candidate.hasTrigger(event.trigger) || this.#stored?.hasTrigger(event.trigger) === true) {
        subjects.push(new Subject(event, event.trigger));
      }
    }
    if (subjects.length === 0) return;
    // Once: everything is held against the directory as it was at the beginning.
    await this.#directory.refresh(this);
    await resolveBrands(subjects, this.#directory);
    // A record of the broker without a brand starts nothing.
    const held = subjects.filter((subject) => (subject.brand !== null || subject.isCrm) && this.#isFor(subject));
    // As much of the directory as the conditions read; most events match nothing.
    const withCustomer = held.filter((subject) => this.#reads(subject, 'needsCustomer'));
    await loadAccounts(
      [...held.filter((subject) => this.#reads(subject, 'needsAccount')), ...withCustomer],
      this.#directory,
    );
    await loadCustomers(withCustomer, this.#directory);
    const matched = held.filter((subject) => this.#hold(subject));
    await loadAccounts(matched, this.#directory);
    await loadCustomers(matched, this.#directory);
    for (const subject of matched) this.#show(subject);
  }

  #isFor({ trigger, brand }: Subject): boolean {
    return this.#indexes.some((index) => index.candidates(trigger, brand).any);
  }

  #reads({ trigger, brand }: Subject, need: 'needsAccount' | 'needsCustomer'): boolean {
    return this.#indexes.some((index) => index.candidates(trigger, brand)[need]);
  }

  /** @returns whether the candidate matches it and it is to be shown */
  #hold(subject: Subject): boolean {
    const { event, trigger } = subject;
    if (this.#matched.has(event.id)) return false;
    const context = subject.context();
    const isCandidate = this.#candidate.match(trigger, context).matched.length > 0;
    const isStored = (this.#stored?.match(trigger, context).matched.length ?? 0) > 0;
    if (!isCandidate && !isStored) return false;
    this.#matched.add(event.id);
    const { difference, matches_per_day: perDay } = this.#result;
    if (difference !== null) compare(difference, isCandidate, isStored, event.id);
    if (!isCandidate) return false;
    this.#result.matches += 1;
    const day = event.occurredAt.slice(0, 10);
    perDay[day] = (perDay[day] ?? 0) + 1;
    return this.#result.matches <= mostSamples;
  }

  #show(subject: Subject): void {
    const { event, trigger } = subject;
    const context = subject.context();
    const [compiled] = this.#candidate.match(trigger, context).matched;
    this.#result.samples.push({
      event_id: event.id,
      at: event.occurredAt,
      brand: subject.brand,
      customer_id: subject.customerId,
      login: subject.login,
      actions: maskValue(compiled?.renderActions?.(context) ?? compiled?.rule.actions ?? []),
    });
  }

  #span(at: string): void {
    const { from, to } = this.#result;
    if (from === null || at < from) this.#result.from = at;
    if (to === null || at > to) this.#result.to = at;
  }
}

function compare(difference: BacktestDifference, isCandidate: boolean, isStored: boolean, eventId: string): void {
  if (isCandidate && isStored) {
    difference.both += 1;
    return;
  }
  const side = isCandidate ? 'only_candidate' : 'only_stored';
  difference[side] += 1;
  const samples = difference.samples[side];
  if (samples.length < mostSamples) samples.push(eventId);
}

function noDifference(): BacktestDifference {
  return { both: 0, only_candidate: 0, only_stored: 0, samples: { only_candidate: [], only_stored: [] } };
}

/** Whatever its status is. */
function indexOf(rule: Rule): RuleIndex {
  const index = new RuleIndex();
  index.put({ ...rule, status: 'active' });
  return index;
}
