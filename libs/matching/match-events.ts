/** From events to the rules that match them. */
import type { KnownAccountFields } from '#libs/domain/directory/account-history.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import { toChain } from '#libs/domain/events/causation.ts';
import type { EvaluatedEvent } from '#libs/domain/matching/evaluated-event.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { Candidates, MatchResult, RuleIndex } from '#libs/domain/matching/rule-index.ts';
import { maxCausationDepth, type PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { MatchTask } from '#libs/domain/matching/match-task.ts';
import type { DirectoryCache } from './directory-cache.ts';
import type { EventBudget } from './event-budget.ts';
import { Pace } from './pace.ts';
import { loadAccounts, loadCustomers, resolveBrands, EventSubject } from './event-subject.ts';

export type EventOutcome =
  /** No rule is for it: nothing was looked up. */
  | 'no_rule'
  /** A broker event whose brand cannot be resolved. */
  | 'no_brand'
  /** Rules were evaluated, none matched. */
  | 'no_match'
  /** At the end of a chain of rules that follow one another. */
  | 'loop'
  /** To be matched apart from its partition. */
  | 'postponed'
  | 'matched';

/** What is known of an event when its rules are held against it. */
export type MatchCandidate = Pick<EventSubject, 'event' | 'trigger' | 'brand' | 'login' | 'customerId' | 'context'>;

export interface Match extends MatchResult {
  subject: MatchCandidate;
  /** Of the rules. */
  revision: number;
}

/** How many events came to which end. A trigger is told apart only where a rule is for it: producers invent others. */
export class Tally {
  readonly #counts = new Map<EventOutcome, Map<string, number>>();

  add(outcome: EventOutcome, trigger: string, count = 1): void {
    let triggers = this.#counts.get(outcome);
    if (triggers === undefined) this.#counts.set(outcome, (triggers = new Map<string, number>()));
    triggers.set(trigger, (triggers.get(trigger) ?? 0) + count);
  }

  has(outcome: EventOutcome): boolean {
    return this.#counts.has(outcome);
  }

  *[Symbol.iterator](): Generator<{ outcome: EventOutcome; trigger: string; count: number }> {
    for (const [outcome, triggers] of this.#counts) {
      for (const [trigger, count] of triggers) yield { outcome, trigger, count };
    }
  }
}

/** Rules were held against it, and nothing starts. */
export interface Unmatched {
  subject: MatchCandidate;
  outcome: EvaluatedEvent['outcome'];
  revision: number;
}

/** Its brand cannot be told before the directory learns of its account or group. */
export interface WaitingCandidate {
  event: PlatformEvent;
  held: KnownAccountFields | null;
  trigger: string;
  /** `login:{login}` or `group:{name}` */
  waitsFor: string;
}

export interface MatchReport {
  /** In order of the events. */
  matches: Match[];
  /** In order of the events; empty unless events may wait. Neither counted nor warned of: an event may be looked at twice. */
  waiting: WaitingCandidate[];
  tally: Tally;
  /** Rules were held against these. */
  evaluated: MatchCandidate[];
  /** Empty unless asked for. */
  unmatched: Unmatched[];
  /** Matching them takes too long here, or a rule for them cannot be used. Empty without a budget. */
  postponed: MatchCandidate[];
  /** To be logged once the report is used: matching may have to be repeated. */
  warnings: { fields: object; message: string }[];
}

export function emptyReport(): MatchReport {
  return { matches: [], waiting: [], tally: new Tally(), evaluated: [], unmatched: [], postponed: [], warnings: [] };
}

export interface MatchingOptions {
  /** Whether the report names the events that no rule matched. */
  asksUnmatched?: boolean;
  /** What events say of their customers; see `Subject.said`. */
  said?: ReadonlyMap<PlatformEvent, Partial<Customer>>;
  /** Whether events wait whose brand cannot be told yet. */
  mayWait?: boolean;
  /** Absent: every event is matched to the end. */
  budget?: EventBudget;
  signal?: AbortSignal;
}

/**
 * Only reads, and may be repeated. Lets other work of the process go on in between.
 * @param held what was stored of the accounts of account events before them
 * @throws the signal's reason
 */
export async function matchEvents(
  events: readonly PlatformEvent[],
  rules: RuleIndex,
  directory: DirectoryCache,
  held: ReadonlyMap<PlatformEvent, KnownAccountFields>,
  { asksUnmatched = false, mayWait = false, said, budget, signal }: MatchingOptions = {},
): Promise<MatchReport> {
  const report = emptyReport();
  const subjects: EventSubject[] = [];
  for (const event of events) {
    if (event.trigger === null || !rules.hasTrigger(event.trigger)) {
      report.tally.add('no_rule', '');
      continue;
    }
    const subject = new EventSubject(event, event.trigger);
    subject.held = held.get(event) ?? null;
    subject.said = said?.get(event) ?? null;
    subjects.push(subject);
  }
  if (subjects.length === 0) return report;
  await resolveBrands(subjects, directory);
  const known = new CandidateLookup(rules);
  const candidates = subjects.filter((subject) => {
    if (mayWait && waits(subject, rules, report)) return false;
    const outcome = withoutCandidates(subject, known, report);
    if (outcome !== null) report.tally.add(outcome, outcome === 'no_rule' ? '' : subject.trigger);
    return outcome === null;
  });
  report.evaluated = candidates;
  let edition = await loadWhatRulesRead(candidates, rules, directory);
  const postponed: EventSubject[] = [];
  const pace = new Pace();
  for (const [place, subject] of candidates.entries()) {
    if (pace.isOver()) {
      await pace.rest(signal);
      // Rules that came meanwhile may read what was not looked up.
      if (rules.edition !== edition) edition = await loadWhatRulesRead(candidates.slice(place), rules, directory);
    }
    const { trigger, brand } = subject;
    if (budget !== undefined && (rules.isHeldUp(trigger, brand) || budget.isSlow(trigger, brand))) {
      postponed.push(subject);
      continue;
    }
    const { revision } = rules;
    const task = rules.begin(trigger, subject.context());
    if (task.run(pace.isOver) || (await finish(task, subject, pace, budget, signal))) {
      addResult(report, subject, task.result(), rules, revision, asksUnmatched);
    } else {
      postponed.push(subject);
    }
  }
  for (const { trigger } of postponed) report.tally.add('postponed', trigger);
  report.postponed = postponed;
  // A run carries what is known of its account and customer, whether or not its rule asked.
  const matched = new Set(report.matches.map(({ subject }) => subject));
  const loaded = [...candidates.filter((subject) => matched.has(subject)), ...postponed];
  await loadAccounts(loaded, directory);
  await loadCustomers(loaded, directory);
  return report;
}

/** @returns false when it takes longer than an event may */
async function finish(
  task: MatchTask,
  { trigger, brand }: EventSubject,
  pace: Pace,
  budget: EventBudget | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let tookMs = 0;
  for (;;) {
    await pace.rest(signal);
    const since = performance.now();
    const isDone = task.run(pace.isOver);
    tookMs += performance.now() - since;
    if (isDone) return true;
    if (budget === undefined || tookMs <= budget.eventMs) continue;
    budget.note(trigger, brand, tookMs);
    return false;
  }
}

/** Notes what became of an event whose rules were held against it. */
export function addResult(
  report: MatchReport,
  subject: MatchCandidate,
  result: MatchResult,
  rules: RuleIndex,
  revision: number,
  asksUnmatched: boolean,
): void {
  const outcome = toEventOutcome(result, subject, rules, report);
  report.tally.add(outcome, subject.trigger);
  if (outcome === 'matched' || (outcome === 'no_match' && result.shadow.length > 0)) {
    report.matches.push({ subject, revision, ...result });
  } else if (asksUnmatched) report.unmatched.push({ subject, outcome, revision });
}

/** A CRM event waits only for rules of single brands: those of no brand are for it as it is. */
function waits(
  { event, held, trigger, brand, waitsFor, isCrm }: EventSubject,
  rules: RuleIndex,
  report: MatchReport,
): boolean {
  if (brand !== null || waitsFor === null || (isCrm && !rules.isForBrands(trigger))) return false;
  report.waiting.push({ event, held, trigger, waitsFor });
  return true;
}

/** Why no rule can match, or null when one may. */
function withoutCandidates(subject: EventSubject, known: CandidateLookup, report: MatchReport): EventOutcome | null {
  const { event, brand, isCrm, trigger, login, customerId } = subject;
  if (brand === null) {
    const fields = { eventId: event.id, trigger, login, customerId };
    if (!isCrm) {
      report.warnings.push({ fields, message: 'no brand can be resolved for the event: it starts nothing' });
      return 'no_brand';
    }
    const why = subject.hasTooManyAccounts ? ' (its customer has more accounts than CUSTOMER_ACCOUNTS_MAX)' : '';
    const message = `no brand can be resolved for the event${why}: only rules of no brand may run`;
    report.warnings.push({ fields, message });
  }
  return known.of(trigger, brand).any ? null : 'no_rule';
}

/** @returns the edition of the rules whose reads are loaded */
async function loadWhatRulesRead(
  subjects: EventSubject[],
  rules: RuleIndex,
  directory: DirectoryCache,
): Promise<number> {
  for (;;) {
    const { edition } = rules;
    const known = new CandidateLookup(rules);
    const needing = (need: 'needsAccount' | 'needsCustomer'): EventSubject[] =>
      subjects.filter(({ trigger, brand }) => known.of(trigger, brand)[need]);
    const withCustomer = needing('needsCustomer');
    // The account may be what names the customer.
    await loadAccounts([...needing('needsAccount'), ...withCustomer], directory);
    await loadCustomers(withCustomer, directory);
    if (rules.edition === edition) return edition;
  }
}

/** What the rules of a trigger and brand read, asked once for all events of a chunk. */
class CandidateLookup {
  readonly #rules: RuleIndex;
  readonly #known = new Map<string, Map<string | null, Candidates>>();

  constructor(rules: RuleIndex) {
    this.#rules = rules;
  }

  of(trigger: string, brand: string | null): Candidates {
    let brands = this.#known.get(trigger);
    if (brands === undefined) this.#known.set(trigger, (brands = new Map<string | null, Candidates>()));
    let candidates = brands.get(brand);
    if (candidates === undefined) brands.set(brand, (candidates = this.#rules.candidates(trigger, brand)));
    return candidates;
  }
}

function toEventOutcome(
  { matched }: MatchResult,
  { event, trigger }: MatchCandidate,
  rules: RuleIndex,
  report: MatchReport,
): EvaluatedEvent['outcome'] {
  if (matched.length === 0) return 'no_match';
  if (event.causation.length < maxCausationDepth) return 'matched';
  const { id: eventId, causation } = event;
  const chain = toChain(causation, eventId);
  const names = chain.map(({ eventId: id, ruleId }) => (ruleId === null ? `event ${id}` : ruleName(ruleId, rules)));
  report.warnings.push({
    fields: { eventId, trigger, causation, chain, rules: matched.map(({ rule }) => rule.name) },
    message:
      `rules have followed one another ${causation.length} times: the event starts nothing; ` +
      `the chain: ${names.join(' → ')}, and would go on with ${matched.map(({ rule }) => named(rule)).join(', ')}`,
  });
  return 'loop';
}

function named({ id, name }: Rule): string {
  return `rule "${name}" (${id})`;
}

/** One that has been archived since has only its id left. */
function ruleName(id: string, rules: RuleIndex): string {
  const rule = rules.get(id);
  return rule === undefined ? `rule ${id}` : named(rule);
}
