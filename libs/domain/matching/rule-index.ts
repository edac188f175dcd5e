/**
 * All rules that are active or in shadow, compiled once and found by trigger and brand. Rules are changed one at a time
 * while events are being matched; `maintain` keeps the indexes up to date in between.
 */
import { compileRule, type CompiledRule } from './compiled-rule.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { PredicateCompiler } from './predicate-compiler.ts';
import { MatchTask, type MatchResult } from './match-task.ts';
import { RuleBucket } from './rule-bucket.ts';
import { isMatched, type Rule } from '../rules/rule.ts';

export type { CompiledRule } from './compiled-rule.ts';
export type { MatchResult } from './match-task.ts';

export interface Candidates {
  /** False: no rule can match, nothing needs loading. */
  any: boolean;
  needsCustomer: boolean;
  needsAccount: boolean;
}

export class RuleIndex {
  readonly #triggers = new Map<string, Map<string | null, RuleBucket>>();
  readonly #rules = new Map<string, CompiledRule>();
  readonly #leaves = new PredicateCompiler();
  /** Active rules that cannot be compiled, by id. */
  readonly #unusable = new Map<string, Rule>();
  /** Those changed since they were last up to date. */
  readonly #outdated = new Set<RuleBucket>();
  #edition = 0;
  /** Number of the change of the rules that this is the state of; kept by the owner of the index, which follows the changes. */
  revision = 0;

  get size(): number {
    return this.#rules.size;
  }

  /** Grows with each change of what is matched. */
  get edition(): number {
    return this.#edition;
  }

  /** The rule ready to be put, which takes milliseconds for some. @throws PermanentError `rule_not_usable` */
  compile(rule: Rule): CompiledRule {
    return compileRule(rule, this.#leaves);
  }

  /**
   * Adds the rule or puts it in place of the one with its id; a rule that is not matched is removed.
   * @throws PermanentError `rule_not_usable` when its conditions cannot be compiled; it is then not in the index.
   */
  put(rule: Rule): void {
    this.remove(rule.id);
    if (isMatched(rule.status)) this.putCompiled(this.compile(rule));
  }

  /** Adds a rule that is matched, or puts it in place of the one with its id. */
  putCompiled(compiled: CompiledRule): void {
    const { rule } = compiled;
    this.remove(rule.id);
    const brands = this.#triggers.get(rule.trigger_event) ?? new Map<string | null, RuleBucket>();
    this.#triggers.set(rule.trigger_event, brands);
    const bucket = brands.get(rule.brand) ?? new RuleBucket();
    brands.set(rule.brand, bucket);
    bucket.put(compiled);
    this.#rules.set(rule.id, compiled);
    this.#outdated.add(bucket);
    this.#edition += 1;
  }

  /** Puts an active rule that this build cannot compile in place of the one with its id: see `isHeldUp`. */
  putUnusable(rule: Rule): void {
    this.remove(rule.id);
    this.#unusable.set(rule.id, rule);
    this.#edition += 1;
  }

  get unusable(): number {
    return this.#unusable.size;
  }

  /** Whether a rule that cannot be compiled may be for such events: what they start is not known. */
  isHeldUp(trigger: string, brand: string | null): boolean {
    for (const rule of this.#unusable.values()) {
      if (rule.trigger_event === trigger && (rule.brand === null || rule.brand === brand)) return true;
    }
    return false;
  }

  /** Unknown ids are ignored. */
  remove(id: string): void {
    if (this.#unusable.delete(id)) this.#edition += 1;
    const compiled = this.#rules.get(id);
    if (compiled === undefined) return;
    this.#rules.delete(id);
    const { trigger_event, brand } = compiled.rule;
    const brands = this.#triggers.get(trigger_event);
    const bucket = brands?.get(brand);
    this.#edition += 1;
    if (bucket === undefined) return;
    bucket.remove(compiled);
    this.#outdated.add(bucket);
    if (bucket.size > 0) return;
    this.#outdated.delete(bucket);
    brands?.delete(brand);
    if (brands?.size === 0) this.#triggers.delete(trigger_event);
  }

  /** Brings the indexes up to date until there is no more time. @returns whether nothing is left to do */
  maintain(isOver: () => boolean): boolean {
    for (const bucket of this.#outdated) {
      while (!bucket.maintain(isOver)) if (isOver()) return false;
      this.#outdated.delete(bucket);
    }
    return true;
  }

  /** One that is matched. */
  get(id: string): Rule | undefined {
    return this.#rules.get(id)?.rule;
  }

  /** False: no rule of any brand is for this trigger. */
  hasTrigger(trigger: string): boolean {
    if (this.#triggers.has(trigger)) return true;
    for (const rule of this.#unusable.values()) if (rule.trigger_event === trigger) return true;
    return false;
  }

  /** Whether a rule of this trigger is for one brand only. */
  isForBrands(trigger: string): boolean {
    const brands = this.#triggers.get(trigger);
    return brands !== undefined && (brands.size > 1 || !brands.has(null));
  }

  /** What a rule of this trigger and brand may read. Rules of no brand belong to every brand. */
  candidates(trigger: string, brand: string | null): Candidates {
    const buckets = this.#buckets(trigger, brand);
    const reads = (root: string): boolean => buckets.some((bucket) => bucket.reads(root));
    return {
      any: buckets.length > 0 || this.isHeldUp(trigger, brand),
      needsCustomer: reads('customer'),
      needsAccount: reads('account'),
    };
  }

  /** Matches the event against the rules of its trigger and of the context's brand, and those of no brand. */
  match(trigger: string, context: RuntimeContext): MatchResult {
    const task = this.begin(trigger, context);
    task.run(never);
    return task.result();
  }

  /** The same, to be executed as far as there is time. */
  begin(trigger: string, context: RuntimeContext): MatchTask {
    return new MatchTask(
      context,
      this.#buckets(trigger, context.brand).map((bucket) => bucket.collect(context)),
    );
  }

  #buckets(trigger: string, brand: string | null): RuleBucket[] {
    const brands = this.#triggers.get(trigger);
    if (brands === undefined) return [];
    const own = brand === null ? undefined : brands.get(brand);
    const everyBrand = brands.get(null);
    if (own === undefined) return everyBrand === undefined ? [] : [everyBrand];
    return everyBrand === undefined ? [own] : [own, everyBrand];
  }
}

function never(): boolean {
  return false;
}
