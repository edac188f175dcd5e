/**
 * The rules of one trigger and brand. They are found by an index that is built anew only now and then: what has changed
 * since stands beside it, and building goes on in steps while the old index serves.
 */
import {
  buildCandidateIndex,
  tryRule,
  type Building,
  type CandidateIndex,
  type IndexEntry,
} from './candidate-index.ts';
import { compareRules, type CompiledRule } from './compiled-rule.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';

/** What an event has met in a bucket. */
export interface Collected {
  /** Rules that match. */
  found: IndexEntry[];
  /** Rules that may match and take long to evaluate. */
  costly: IndexEntry[];
  /** Rules by the order of the filings; a filing of order -1 is not among them. */
  ordered: readonly CompiledRule[];
}

interface Base {
  index: CandidateIndex;
  /** In the order of start. */
  ordered: readonly CompiledRule[];
}

/** What has been put and removed since a base was begun. */
class Changes {
  readonly added = new Map<string, IndexEntry>();
  readonly removed = new Set<CompiledRule>();

  get size(): number {
    return this.added.size + this.removed.size;
  }

  put(compiled: CompiledRule): void {
    this.added.set(compiled.rule.id, { compiled, order: -1, certain: false });
  }

  remove(compiled: CompiledRule): void {
    if (!this.added.delete(compiled.rule.id)) this.removed.add(compiled);
  }
}

/** An index of so many rules is built within a few milliseconds: at once, by the next event. */
const builtAtOnce = 1000;

/** With so many changes beside it a greater one still pays; more are worth building it anew. */
function maxChanges(rules: number): number {
  return rules <= builtAtOnce ? 0 : 2 * Math.sqrt(rules);
}

/** With so many, matching by it would be slower than building it at once. */
function hardMaxChanges(rules: number): number {
  return rules <= builtAtOnce ? 0 : rules / 4;
}

/** An index being built for the rules as they were when it was begun. */
interface Successor {
  ordered: readonly CompiledRule[];
  building: Building;
  changes: Changes;
}

export class RuleBucket {
  readonly #rules = new Map<string, CompiledRule>();
  /** How many rules read each root. */
  readonly #roots = new Map<string, number>();
  #base: Base = { index: { collect: () => undefined }, ordered: [] };
  #changes = new Changes();
  #next: Successor | null = null;

  get size(): number {
    return this.#rules.size;
  }

  /** The id must not be in the bucket. */
  put(compiled: CompiledRule): void {
    this.#rules.set(compiled.rule.id, compiled);
    this.#changes.put(compiled);
    this.#next?.changes.put(compiled);
    for (const root of compiled.program.roots) this.#roots.set(root, (this.#roots.get(root) ?? 0) + 1);
  }

  remove(compiled: CompiledRule): void {
    this.#rules.delete(compiled.rule.id);
    this.#changes.remove(compiled);
    this.#next?.changes.remove(compiled);
    for (const root of compiled.program.roots) this.#roots.set(root, (this.#roots.get(root) ?? 0) - 1);
  }

  reads(root: string): boolean {
    return (this.#roots.get(root) ?? 0) > 0;
  }

  collect(context: RuntimeContext): Collected {
    if (this.#next === null && this.#changes.size > hardMaxChanges(this.size)) this.maintain(() => false);
    const { index, ordered } = this.#base;
    const { added, removed } = this.#changes;
    let found: IndexEntry[] = [];
    let costly: IndexEntry[] = [];
    index.collect(context, found, costly);
    if (removed.size > 0) {
      const isLeft = ({ compiled }: IndexEntry): boolean => !removed.has(compiled);
      [found, costly] = [found.filter(isLeft), costly.filter(isLeft)];
    }
    for (const filing of added.values()) tryRule(filing, context, found, costly);
    return { found, costly, ordered };
  }

  /** Brings the index up to date until there is no more time. @returns whether nothing is left to do */
  maintain(isOver: () => boolean): boolean {
    if (this.#next === null && this.#changes.size <= maxChanges(this.size)) return true;
    this.#next ??= this.#begin();
    for (;;) {
      const step = this.#next.building.next();
      if (step.done === true) {
        const { ordered, changes } = this.#next;
        this.#base = { index: step.value, ordered };
        this.#changes = changes;
        this.#next = null;
        return this.#changes.size <= maxChanges(this.size);
      }
      if (isOver()) return false;
    }
  }

  #begin(): Successor {
    const { added, removed } = this.#changes;
    const kept = removed.size === 0 ? this.#base.ordered : this.#base.ordered.filter((rule) => !removed.has(rule));
    const ordered = merge(kept, [...added.values()].map(({ compiled }) => compiled).sort(compareRules));
    // Filings that exist hold their own: these numbers are for the new ones.
    for (const [order, compiled] of ordered.entries()) compiled.order = order;
    return { ordered, building: buildCandidateIndex(ordered), changes: new Changes() };
  }
}

/** Both in the order of start. */
function merge(kept: readonly CompiledRule[], added: readonly CompiledRule[]): readonly CompiledRule[] {
  if (kept.length === 0) return added;
  const merged: CompiledRule[] = [];
  let at = 0;
  for (const compiled of added) {
    for (let next = kept[at]; next !== undefined && compareRules(next, compiled) < 0; next = kept[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(compiled);
  }
  for (; at < kept.length; at += 1) merged.push(kept[at]!);
  return merged;
}
