/**
 * Holds a rule against recorded events, beside the version of it that is stored. It is given nothing to write with, and
 * reads the directory as it is now: what an account or a customer was like at the time of an event is not kept.
 */
import { decodeMessage, type DecodeLimits, type IncomingMessage } from '#libs/contracts/decode-message.ts';
import { maxSamples, type BacktestDifference, type BacktestResult } from '#libs/domain/rules/backtest-result.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { maskValue } from '#libs/domain/masking/masking.ts';
import { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';
import { matchEvents, type Match } from '#libs/matching/match-events.ts';

export interface BacktestPorts {
  candidate: Rule;
  /** The version it would replace; null when there is none. */
  stored: Rule | null;
  directory: DirectoryReader;
  limits: DecodeLimits;
}

/** Characters of the actions of all samples together: a result has to fit into an answer of Temporal. */
const maxActions = 200_000;
/** An event that is published twice comes again soon: more ids than these are not remembered. */
const maxIds = 1_000_000;
/** What an account was like before an event of it is not kept. */
const emptyKeys = new Map();

export class Backtest {
  readonly #directory: DirectoryCache;
  readonly #limits: DecodeLimits;
  readonly #candidate: RuleIndex;
  readonly #stored: RuleIndex | null;
  /** Ids of events that matched: one that was published twice counts once. */
  readonly #matched = new Set<string>();
  readonly #result: BacktestResult;
  #actionsLeft = maxActions;

  /** @throws PermanentError `rule_not_usable` */
  constructor({ candidate, stored, directory, limits }: BacktestPorts) {
    this.#directory = new DirectoryCache(directory);
    this.#limits = limits;
    this.#candidate = buildIndex(candidate);
    this.#stored = stored === null ? null : buildIndex(stored);
    this.#result = {
      events_read: 0,
      undecodable: 0,
      events_considered: 0,
      matches: 0,
      matches_per_day: {},
      samples: [],
      difference: stored === null ? null : noDifference(),
      from: null,
      to: null,
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
    const events = messages.flatMap((message) => this.#decode(message) ?? []);
    // Once: everything is held against the directory as it was at the beginning.
    await this.#directory.refresh(this);
    const mine = await this.#match(events, this.#candidate);
    for (const { outcome, count } of mine.tally) {
      if (outcome !== 'no_rule' && outcome !== 'no_brand') this.#result.events_considered += count;
    }
    const theirs = this.#stored === null ? [] : (await this.#match(events, this.#stored)).matches;
    const byStored = new Set(theirs.map(({ subject }) => subject.event.id));
    const byCandidate = new Set(mine.matches.map(({ subject }) => subject.event.id));
    for (const match of mine.matches) {
      const { event } = match.subject;
      if (this.#isNew(event)) this.#count(match, byStored.has(event.id));
    }
    for (const { subject } of theirs) {
      if (!byCandidate.has(subject.event.id) && this.#isNew(subject.event)) this.#compare('only_stored', subject.event);
    }
  }

  #decode(message: IncomingMessage): PlatformEvent | null {
    this.#result.events_read += 1;
    const decoded = decodeMessage(message, this.#limits);
    if ('deadLetter' in decoded) {
      this.#result.undecodable += 1;
      return null;
    }
    this.#span(decoded.event.occurredAt);
    return decoded.event;
  }

  #match(events: PlatformEvent[], rules: RuleIndex): ReturnType<typeof matchEvents> {
    return matchEvents(events, rules, this.#directory, emptyKeys);
  }

  #isNew({ id }: PlatformEvent): boolean {
    if (this.#matched.has(id)) return false;
    if (this.#matched.size >= maxIds) this.#matched.clear();
    this.#matched.add(id);
    return true;
  }

  #count({ subject, matched }: Match, isStored: boolean): void {
    const { event } = subject;
    this.#compare(isStored ? 'both' : 'only_candidate', event);
    this.#result.matches += 1;
    const { matches_per_day: perDay, samples } = this.#result;
    const day = event.occurredAt.slice(0, 10);
    perDay[day] = (perDay[day] ?? 0) + 1;
    const [compiled] = matched;
    if (samples.length >= maxSamples || compiled === undefined) return;
    samples.push({
      event_id: event.id,
      at: event.occurredAt,
      brand: subject.brand,
      customer_id: subject.customerId,
      login: subject.login,
      actions: this.#shown(maskValue(compiled.renderActions?.(subject.context()) ?? compiled.rule.actions)),
    });
  }

  #compare(side: 'both' | 'only_candidate' | 'only_stored', { id }: PlatformEvent): void {
    const { difference } = this.#result;
    if (difference === null) return;
    difference[side] += 1;
    if (side !== 'both' && difference.samples[side].length < maxSamples) difference.samples[side].push(id);
  }

  /** @returns null once the samples say enough */
  #shown(actions: unknown): unknown {
    const length = writeJson(actions).length;
    if (length > this.#actionsLeft) return null;
    this.#actionsLeft -= length;
    return actions;
  }

  #span(at: string): void {
    const { from, to } = this.#result;
    if (from === null || at < from) this.#result.from = at;
    if (to === null || at > to) this.#result.to = at;
  }
}

function noDifference(): BacktestDifference {
  return { both: 0, only_candidate: 0, only_stored: 0, samples: { only_candidate: [], only_stored: [] } };
}

/** Whatever its status is. */
function buildIndex(rule: Rule): RuleIndex {
  const index = new RuleIndex();
  index.put({ ...rule, status: 'active' });
  return index;
}
