/**
 * Finds, among the rules of one trigger and brand, those that match an event, without looking at each. Rules are filed
 * under the rarest key they require (a hash lookup), else under a range they require (a tree), else they are always
 * tried. Rules that share a key are filed once more below it, by what else they require.
 */
import type { Key, ToKey, Ordinal } from '../conditions/comparison.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import type { Getter } from '../context/field-path.ts';
import { IntervalIndex, type Interval } from './interval-tree.ts';
import type { IndexKey, IndexRange } from './index-keys.ts';

/** Trying this many rules costs no more than filing them. */
const linearScanThreshold = 4;

/**
 * A rule in its place in the index. Filings are small and lie together in memory, rules do not: with thousands of
 * rules, what an event costs is how many rules it touches.
 */
export interface IndexEntry {
  readonly compiled: CompiledRule;
  /** Place in the order of start. */
  readonly order: number;
  /** Whatever is found here matches: the way here has looked at all that the rule requires. */
  readonly certain: boolean;
}

export interface CandidateIndex {
  /**
   * Appends every rule once that matches, in no particular order.
   * @param costly gets the rules instead whose conditions may take long to evaluate, and may match
   */
  collect(context: RuntimeContext, found: IndexEntry[], costly: IndexEntry[]): void;
}

/** Building goes on each time it is asked to: 100,000 rules take the better part of a second. */
export type Building = Generator<void, CandidateIndex>;

/** Rules looked at in one go. */
const rulesAtOnce = 1000;

/** @param rules in the order of start */
export function buildCandidateIndex(rules: readonly CompiledRule[]): Building {
  return build(rules, new Set());
}

/** Appends the rule where it belongs, if it matches. */
export function tryRule(filing: IndexEntry, context: RuntimeContext, found: IndexEntry[], costly: IndexEntry[]): void {
  const { certain, compiled } = filing;
  if (certain) found.push(filing);
  else if (compiled.program.isCostly) costly.push(filing);
  else if (compiled.program.evaluate(context)) found.push(filing);
}

function addEntry(compiled: CompiledRule, used: ReadonlySet<string>, range: string | null): IndexEntry {
  const { keys, ranges, complete } = compiled.indexKeys;
  const paths = new Set(keys.map(({ path }) => path));
  // Two lists of keys for one field: only one of them has been looked up.
  const keysSeen = paths.size === keys.length && [...paths].every((path) => used.has(path));
  const rangesSeen = ranges.length === 0 || (ranges.length === 1 && ranges[0]?.path === range);
  return { compiled, order: compiled.order, certain: complete && keysSeen && rangesSeen };
}

/** @param used paths already looked up on the way here */
function* build(rules: readonly CompiledRule[], used: ReadonlySet<string>): Building {
  if (rules.length <= linearScanThreshold) return new RuleList(rules, used);
  const rarity = yield* countKeys(rules, used);
  const keyed = new Map<string, KeyGroup>();
  const ranged: RangeGroup[] = [];
  const rest: CompiledRule[] = [];
  for (const [n, compiled] of rules.entries()) {
    const key = mostSelective(compiled, rarity, used);
    const range = compiled.indexKeys.ranges[0];
    if (key !== null) addToKeys(keyed, key, compiled);
    else if (range !== undefined) addToRanges(ranged, range, compiled);
    else rest.push(compiled);
    if (n % rulesAtOnce === rulesAtOnce - 1) yield;
  }
  const parts: CandidateIndex[] = [];
  for (const [path, group] of keyed) parts.push(yield* buildLookup(group, new Set([...used, path])));
  for (const group of ranged) {
    parts.push(new RangeLookup(group, used));
    yield;
  }
  if (rest.length > 0) parts.push(new RuleList(rest, used));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : new Several(parts);
}

function* buildLookup({ get, keyOf, byKey }: KeyGroup, used: ReadonlySet<string>): Building {
  const built = new Map<Key, CandidateIndex>();
  let since = 0;
  for (const [key, rules] of byKey) {
    built.set(key, yield* build(rules, used));
    since += rules.length;
    if (since < rulesAtOnce) continue;
    since = 0;
    yield;
  }
  return new KeyLookup(get, keyOf, built);
}

/** A rule filed under several keys is filed under single ones below them: its filings must not multiply. */
function isUsable({ path, keys }: IndexKey, used: ReadonlySet<string>): boolean {
  return used.size === 0 || (keys.length <= 1 && !used.has(path));
}

type Selectivity = Map<string, Map<Key, number>>;

/** How many rules require each key of each path. */
function* countKeys(rules: readonly CompiledRule[], used: ReadonlySet<string>): Generator<void, Selectivity> {
  const rarity: Selectivity = new Map();
  for (const [n, { indexKeys }] of rules.entries()) {
    if (n % rulesAtOnce === rulesAtOnce - 1) yield;
    for (const indexKey of indexKeys.keys) {
      if (!isUsable(indexKey, used)) continue;
      const { path, keys } = indexKey;
      const counts = rarity.get(path) ?? new Map<Key, number>();
      rarity.set(path, counts);
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return rarity;
}

/** The required key that the fewest rules share; of a list of keys its most common one counts. */
function mostSelective({ indexKeys }: CompiledRule, rarity: Selectivity, used: ReadonlySet<string>): IndexKey | null {
  let best: IndexKey | null = null;
  let fewest = Infinity;
  for (const indexKey of indexKeys.keys) {
    if (!isUsable(indexKey, used)) continue;
    const counts = rarity.get(indexKey.path);
    const sharing = indexKey.keys.reduce<number>((most, key) => Math.max(most, counts?.get(key) ?? 0), 0);
    if (sharing < fewest) {
      best = indexKey;
      fewest = sharing;
    }
  }
  return best;
}

interface KeyGroup {
  get: Getter;
  keyOf: ToKey;
  byKey: Map<Key, CompiledRule[]>;
}

function addToKeys(groups: Map<string, KeyGroup>, { path, get, keyOf, keys }: IndexKey, compiled: CompiledRule): void {
  const group = groups.get(path) ?? { get, keyOf, byKey: new Map<Key, CompiledRule[]>() };
  groups.set(path, group);
  for (const key of keys) {
    const sharing = group.byKey.get(key);
    if (sharing === undefined) group.byKey.set(key, [compiled]);
    else sharing.push(compiled);
  }
}

interface RangeGroup {
  path: string;
  get: Getter;
  /** The same field may be compared as a number by one rule and as a date by another. */
  ordinal: Ordinal;
  intervals: Interval<CompiledRule>[];
}

function addToRanges(groups: RangeGroup[], { path, get, ordinal, low, high }: IndexRange, item: CompiledRule): void {
  let group = groups.find((known) => known.path === path && known.ordinal === ordinal);
  if (group === undefined) {
    group = { path, get, ordinal, intervals: [] };
    groups.push(group);
  }
  group.intervals.push({ low, high, item });
}

class KeyLookup implements CandidateIndex {
  readonly #get: Getter;
  readonly #keyOf: ToKey;
  readonly #byKey: ReadonlyMap<Key, CandidateIndex>;

  constructor(get: Getter, keyOf: ToKey, byKey: ReadonlyMap<Key, CandidateIndex>) {
    this.#get = get;
    this.#keyOf = keyOf;
    this.#byKey = byKey;
  }

  collect(context: RuntimeContext, found: IndexEntry[], costly: IndexEntry[]): void {
    const key = this.#keyOf(this.#get(context));
    if (key !== undefined) this.#byKey.get(key)?.collect(context, found, costly);
  }
}

class RangeLookup implements CandidateIndex {
  readonly #get: Getter;
  readonly #ordinal: Ordinal;
  readonly #intervals: IntervalIndex<IndexEntry>;

  constructor({ path, get, ordinal, intervals }: RangeGroup, used: ReadonlySet<string>) {
    this.#get = get;
    this.#ordinal = ordinal;
    this.#intervals = new IntervalIndex(
      intervals.map(({ low, high, item }) => ({ low, high, item: addEntry(item, used, path) })),
    );
  }

  collect(context: RuntimeContext, found: IndexEntry[], costly: IndexEntry[]): void {
    const at = this.#ordinal(this.#get(context));
    if (at === undefined) return;
    this.#intervals.query(at, (filing) => tryRule(filing, context, found, costly));
  }
}

class RuleList implements CandidateIndex {
  readonly #filings: readonly IndexEntry[];

  constructor(rules: readonly CompiledRule[], used: ReadonlySet<string>) {
    this.#filings = rules.map((compiled) => addEntry(compiled, used, null));
  }

  collect(context: RuntimeContext, found: IndexEntry[], costly: IndexEntry[]): void {
    for (const filing of this.#filings) tryRule(filing, context, found, costly);
  }
}

class Several implements CandidateIndex {
  readonly #parts: readonly CandidateIndex[];

  constructor(parts: readonly CandidateIndex[]) {
    this.#parts = parts;
  }

  collect(context: RuntimeContext, found: IndexEntry[], costly: IndexEntry[]): void {
    for (const part of this.#parts) part.collect(context, found, costly);
  }
}
