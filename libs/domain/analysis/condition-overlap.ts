/**
 * Can two conditions be true of the same event? The answer is no only where that is certain: every doubt, and every
 * part of a condition that is no plain claim about a field, counts as yes.
 */
import { claimsOf, maxIndexKeys, type ImpliedPredicate } from '../conditions/implied-predicates.ts';
import { findComparison, type Ordinal } from '../conditions/comparison.ts';
import { fieldType, type FieldType } from '../context/fields.ts';
import { compileTest, type ValueTest } from '../conditions/operators.ts';
import type { ConditionNode, Predicate, Operator } from '../rules/rule.ts';

/** The implied predicates of one rule's conditions, by field. */
export type ImpliedPredicates = ReadonlyMap<string, readonly PreparedPredicate[]>;

/** Values of fields that are known to the letter. */
export type Facts = ReadonlyMap<string, string | number | boolean | null>;

/** A rule has a few; the rest of a giant one is not looked at. */
const maxImpliedPredicates = 200;

export function prepareImpliedPredicates(conditions: ConditionNode): ImpliedPredicates {
  const implied = new Map<string, PreparedPredicate[]>();
  let count = 0;
  for (const claim of claimsOf(conditions)) {
    const ofField = implied.get(claim.leaf.field) ?? [];
    implied.set(claim.leaf.field, ofField);
    ofField.push(new PreparedPredicate(claim));
    count += 1;
    if (count >= maxImpliedPredicates) break;
  }
  return implied;
}

/** @returns false when no event can meet both */
export function mayOverlap(a: ImpliedPredicates, b: ImpliedPredicates): boolean {
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  for (const [field, implied] of fewer) {
    const others = more.get(field);
    if (others?.some((other) => implied.some((claim) => areDisjoint(claim, other)))) return false;
  }
  return true;
}

/** @returns false when the conditions cannot be true where the facts are */
export function mayMeet(implied: ImpliedPredicates, facts: Facts): boolean {
  for (const [field, value] of facts) {
    if (implied.get(field)?.some((claim) => claim.refuses(value))) return false;
  }
  return true;
}

interface Interval {
  ordinal: Ordinal;
  low: number;
  high: number;
  /** Whether the ends themselves are left out. */
  lowOpen: boolean;
  highOpen: boolean;
}

class PreparedPredicate {
  readonly leaf: Predicate;
  readonly holds: boolean;
  /** All values, but for their spelling, that the claim is true of; null when they cannot be listed. */
  readonly values: readonly unknown[] | null;
  readonly interval: Interval | null;
  #test: ValueTest | null | undefined;

  constructor({ leaf, holds }: ImpliedPredicate) {
    this.leaf = leaf;
    this.holds = holds;
    this.values = holds ? toValues(leaf) : null;
    this.interval = toInterval(leaf);
  }

  /** @returns true when the claim is certainly false of the value */
  refuses(value: unknown): boolean {
    if (this.#test === undefined) this.#test = toTest(this.leaf);
    return this.#test !== null && this.#test(value) !== this.holds;
  }
}

export type { PreparedPredicate };

function areDisjoint(a: PreparedPredicate, b: PreparedPredicate): boolean {
  return isRefused(a, b) || isRefused(b, a) || areApart(a, b) || areOpposite(a, b);
}

/** True when the one lists its values and the other takes none of them. */
function isRefused({ values, leaf }: PreparedPredicate, other: PreparedPredicate): boolean {
  if (values === null || !isToldBySpelling(leaf.field, other.leaf.operator)) return false;
  return values.every((value) => other.refuses(value));
}

const byKey: ReadonlySet<Operator> = new Set(['eq', 'in', 'is_null']);
const byPlace: ReadonlySet<Operator> = new Set(['gt', 'gte', 'lt', 'lte', 'between']);
const numeric: ReadonlySet<FieldType> = new Set(['number', 'integer']);

/** 7 and "7" can be equal: an operator that tells them apart says nothing about the one by the other. */
function isToldBySpelling(field: string, operator: Operator): boolean {
  const type = fieldType(field);
  if (type === 'string' || type === 'any' || byKey.has(operator)) return true;
  return numeric.has(type) && byPlace.has(operator);
}

function areApart(a: PreparedPredicate, b: PreparedPredicate): boolean {
  if (a.interval === null || b.interval === null || a.interval.ordinal !== b.interval.ordinal) return false;
  if (a.holds && b.holds) return isBefore(a.interval, b.interval) || isBefore(b.interval, a.interval);
  if (a.holds) return isWithin(a.interval, b.interval);
  return b.holds && isWithin(b.interval, a.interval);
}

function isBefore(a: Interval, b: Interval): boolean {
  return a.high < b.low || (a.high === b.low && (a.highOpen || b.lowOpen));
}

function isWithin(inner: Interval, outer: Interval): boolean {
  const startsWithin = inner.low > outer.low || (inner.low === outer.low && (inner.lowOpen || !outer.lowOpen));
  const endsWithin = inner.high < outer.high || (inner.high === outer.high && (inner.highOpen || !outer.highOpen));
  return startsWithin && endsWithin;
}

/** The same test, wanted true by the one and false by the other. */
function areOpposite(a: PreparedPredicate, b: PreparedPredicate): boolean {
  if (a.holds === b.holds || a.leaf.operator !== b.leaf.operator) return false;
  return JSON.stringify(a.leaf.value) === JSON.stringify(b.leaf.value);
}

/** Null for a pattern that cannot be compiled: its rule is never matched, which is told elsewhere. */
function toTest({ operator, value, field }: Predicate): ValueTest | null {
  try {
    return compileTest(operator, value, findComparison(field));
  } catch {
    return null;
  }
}

function toValues({ operator, value }: Predicate): readonly unknown[] | null {
  if (operator === 'is_null') return [undefined, null, ''];
  if (operator === 'eq') return [value];
  return operator === 'in' && Array.isArray(value) && value.length <= maxIndexKeys ? value : null;
}

function toInterval({ field, operator, value }: Predicate): Interval | null {
  if (!byPlace.has(operator)) return null;
  const { place } = findComparison(field);
  const [first, last = first] = Array.isArray(value) ? value.map(place) : [place(value)];
  if (!first || !last || first.ordinal !== last.ordinal) return null;
  const isBelow = operator === 'lt' || operator === 'lte';
  const isAbove = operator === 'gt' || operator === 'gte';
  return {
    ordinal: first.ordinal,
    low: isBelow ? -Infinity : first.at,
    high: isAbove ? Infinity : last.at,
    lowOpen: operator === 'gt',
    highOpen: operator === 'lt',
  };
}
