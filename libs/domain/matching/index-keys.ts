/**
 * Index keys: facts that must hold for a rule to match, in a form that can be looked up. The index files each rule under
 * one of them, so that an event meets only rules that have a chance. An index key may let through too much, never too
 * little: what it lets through is evaluated in full.
 */
import { claimsOf, maxIndexKeys } from '../conditions/implied-predicates.ts';
import type { Key, ToKey, Ordinal } from '../conditions/comparison.ts';
import type { Getter } from '../context/field-path.ts';
import type { FieldReader, PredicateCompiler } from './predicate-compiler.ts';
import type { ConditionNode, Predicate, Operator } from '../rules/rule.ts';

/** The field has one of these keys. */
export interface IndexKey {
  path: string;
  get: Getter;
  keyOf: ToKey;
  keys: readonly Key[];
}

/** The field lies between the two, both included. */
export interface IndexRange {
  path: string;
  get: Getter;
  ordinal: Ordinal;
  low: number;
  high: number;
}

export interface IndexKeys {
  keys: IndexKey[];
  ranges: IndexRange[];
  /** The conditions hold whenever all index keys do: nothing is left to evaluate. */
  complete: boolean;
}

/** A rule has one index key for each level of the index; there is no use for many to choose from. */
const maxPredicates = 100;

export function toIndexKeys(conditions: ConditionNode, leaves: PredicateCompiler): IndexKeys {
  const required = requiredPredicates(conditions);
  const indexKeys: IndexKeys = { keys: [], ranges: [], complete: isConjunction(required.length, conditions) };
  for (const leaf of required) {
    const reader = leaves.reader(leaf.field);
    const isExact =
      leaf.operator === 'eq' || leaf.operator === 'in'
        ? addKeys(indexKeys.keys, leaf, reader)
        : addRange(indexKeys.ranges, leaf, reader);
    if (!isExact) indexKeys.complete = false;
  }
  return indexKeys;
}

/** True for a plain list of this many leaves that all have to hold. */
function isConjunction(leafCount: number, conditions: ConditionNode): boolean {
  if ('field' in conditions) return leafCount === 1;
  if (!('match' in conditions) || conditions.match !== 'all') return false;
  return conditions.rules.length === leafCount && conditions.rules.every((node) => 'field' in node);
}

/** @returns whether the index key says all that the leaf says */
function addKeys(
  indexKeys: IndexKey[],
  { field, operator, value }: Predicate,
  { get, comparison }: FieldReader,
): boolean {
  const { keyOf } = comparison;
  const members: unknown[] = operator === 'in' && Array.isArray(value) ? value : [value];
  const keys = new Set(members.map(keyOf).filter((key) => key !== undefined));
  if (keys.size > maxIndexKeys) return false;
  indexKeys.push({ path: field, get, keyOf, keys: [...keys] });
  return true;
}

/** @returns whether the index key says all that the leaf says: both ends of an index key are included */
function addRange(
  ranges: IndexRange[],
  { field, operator, value }: Predicate,
  { get, comparison }: FieldReader,
): boolean {
  const ends = Array.isArray(value) ? value.map(comparison.place) : [comparison.place(value)];
  const [first, last = first] = ends;
  if (!first || !last || first.ordinal !== last.ordinal) return false;
  const low = operator === 'lt' || operator === 'lte' ? -Infinity : first.at;
  const high = operator === 'gt' || operator === 'gte' ? Infinity : last.at;
  const known = ranges.find((range) => range.path === field && range.ordinal === first.ordinal);
  if (known === undefined) {
    ranges.push({ path: field, get, ordinal: first.ordinal, low, high });
  } else {
    known.low = Math.max(known.low, low);
    known.high = Math.min(known.high, high);
  }
  return operator !== 'gt' && operator !== 'lt';
}

const usable: ReadonlySet<Operator> = new Set(['eq', 'in', 'gt', 'gte', 'lt', 'lte', 'between']);

/** Leaves, of the kinds that can be looked up, that are true whenever the conditions are. */
function requiredPredicates(conditions: ConditionNode): Predicate[] {
  const found: Predicate[] = [];
  for (const { leaf, holds } of claimsOf(conditions)) {
    if (holds && usable.has(leaf.operator)) found.push(leaf);
    if (found.length >= maxPredicates) break;
  }
  return found;
}
