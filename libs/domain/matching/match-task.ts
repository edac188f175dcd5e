/**
 * Matching one event, as far as there is time: rules that take long to evaluate are evaluated one test after the other,
 * and the rest goes on later. Changes of the rules meanwhile do not matter to it.
 */
import type { IndexEntry } from './candidate-index.ts';
import { compareRules, type CompiledRule } from './compiled-rule.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { accept } from './condition-program.ts';
import type { Collected } from './rule-bucket.ts';
import type { Rule } from '../rules/rule.ts';

export interface MatchResult {
  /** Rules to start, in order: priority, then `created_at`, then id. */
  matched: CompiledRule[];
  /** Rules that match too but are held back by the `stop_after` of another, in the same order. */
  skipped: { rule: CompiledRule; stoppedBy: CompiledRule }[];
  /** Rules with status `shadow` that match and are not held back, in the same order: nothing starts for them. */
  shadow: CompiledRule[];
}

export class MatchTask {
  readonly #context: RuntimeContext;
  readonly #collected: readonly Collected[];
  /** The costly rule that is next, counted over all that was collected. */
  #next = 0;
  /** Where its evaluation goes on; null = at its beginning. */
  #at: number | null = null;

  /** @param collected of the rules of the brand and of those of every brand */
  constructor(context: RuntimeContext, collected: readonly Collected[]) {
    this.#context = context;
    this.#collected = collected;
  }

  /** The rule whose conditions are being evaluated; null = none is left. */
  get current(): Rule | null {
    return this.#place()?.filing.compiled.rule ?? null;
  }

  /** @returns whether it is done: otherwise it goes on when it is run again */
  run(isOver: () => boolean): boolean {
    for (let place = this.#place(); place !== null; place = this.#place()) {
      const { program } = place.filing.compiled;
      const at = program.run(this.#context, this.#at ?? program.entry, isOver);
      if (at >= 0) {
        this.#at = at;
        return false;
      }
      if (at === accept) place.found.push(place.filing);
      this.#at = null;
      this.#next += 1;
      if (isOver()) return this.#place() === null;
    }
    return true;
  }

  /** To be asked once it is done. */
  result(): MatchResult {
    const found = this.#found();
    if (found.length === 0) return { matched: [], skipped: [], shadow: noRules };
    if (!found.some(isShadow)) return { ...stopAfter(found), shadow: noRules };
    const live = found.filter((rule) => !isShadow(rule));
    const lowest = live.find(({ rule }) => rule.stop_after)?.rule.priority ?? Infinity;
    const shadow = found.filter((one) => isShadow(one) && one.rule.priority <= lowest);
    return { ...stopAfter(live), shadow };
  }

  /** All rules that match, in the order of start. */
  #found(): CompiledRule[] {
    const first = this.#collected[0];
    const second = this.#collected[1];
    const own = first === undefined ? noRules : inOrder(first);
    const everyBrand = second === undefined ? noRules : inOrder(second);
    if (everyBrand.length === 0) return own;
    return own.length === 0 ? everyBrand : [...own, ...everyBrand].sort(compareRules);
  }

  #place(): { filing: IndexEntry; found: IndexEntry[] } | null {
    let before = 0;
    for (const { costly, found } of this.#collected) {
      const filing = costly[this.#next - before];
      if (filing !== undefined) return { filing, found };
      before += costly.length;
    }
    return null;
  }
}

const noRules: CompiledRule[] = [];

function inOrder({ found, ordered }: Collected): CompiledRule[] {
  if (found.length === 0) return noRules;
  if (found.length === 1 && found[0] !== undefined) return [found[0].compiled];
  if (found.some(({ order }) => order < 0)) return found.map(({ compiled }) => compiled).sort(compareRules);
  // Numbers alone need no comparison function: measured, a quarter more events with ten matches each.
  const orders = new Int32Array(found.length);
  for (let at = 0; at < found.length; at += 1) orders[at] = found[at]?.order ?? 0;
  orders.sort();
  const matched: CompiledRule[] = [];
  for (const order of orders) {
    const compiled = ordered[order];
    if (compiled !== undefined) matched.push(compiled);
  }
  return matched;
}

function isShadow({ rule }: CompiledRule): boolean {
  return rule.status === 'shadow';
}

/** The first rule with `stop_after` holds back all of a strictly greater priority number; its equals still run. */
function stopAfter(matched: CompiledRule[]): Omit<MatchResult, 'shadow'> {
  const stopper = matched.find(({ rule }) => rule.stop_after);
  if (stopper === undefined) return { matched, skipped: [] };
  const cut = matched.findIndex(({ rule }) => rule.priority > stopper.rule.priority);
  if (cut === -1) return { matched, skipped: [] };
  return {
    matched: matched.slice(0, cut),
    skipped: matched.slice(cut).map((rule) => ({ rule, stoppedBy: stopper })),
  };
}
