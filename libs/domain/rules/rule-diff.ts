/** What one saved state of a rule says differently from another. */
import { isJsonObject } from '../json/json-object.ts';
import { at, formatMember, formatJsonPath, type JsonPath } from '../errors/json-path.ts';
import { toDefinition } from './rule-definition.ts';
import type { RuleDefinition } from './rule.ts';

export interface RuleDifference {
  /** Such as `priority` or `conditions.rules[0].value`; a part that only one of them has is named as a whole. */
  path: string;
  /** Absent: there was none. */
  before?: unknown;
  /** Absent: there is none any more. */
  after?: unknown;
}

/** Told of two rules that have little in common; a longer list is of no use to a person. */
export const maxDifferences = 500;

interface Pair {
  place: JsonPath | null;
  before: unknown;
  after: unknown;
}

/** @param before null = there was no rule @param after null = there is none any more */
export function diffRules(before: RuleDefinition | null, after: RuleDefinition | null): RuleDifference[] {
  const found: RuleDifference[] = [];
  // A list of what is still to be compared instead of recursion: conditions nest to any depth.
  const pending: Pair[] = [
    {
      place: null,
      before: before === null ? {} : toDefinition(before),
      after: after === null ? {} : toDefinition(after),
    },
  ];
  for (let pair = pending.pop(); pair !== undefined && found.length < maxDifferences; pair = pending.pop()) {
    const parts = partsToCompare(pair);
    if (parts !== null) pending.push(...parts.reverse());
    else if (pair.before !== pair.after) found.push(compare(pair));
  }
  return found;
}

/** The members of two values of the same kind; null when they are compared as they are. */
function partsToCompare({ place, before, after }: Pair): Pair[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    const lists: unknown[][] = [before, after];
    return Array.from({ length }, (_, index) => {
      const [was, is] = lists.map((list) => list[index]);
      return { place: at(place, `[${index}]`), before: was, after: is };
    });
  }
  if (!isJsonObject(before) || !isJsonObject(after)) return null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => ({
    place: at(place, formatMember(key)),
    before: own(before, key),
    after: own(after, key),
  }));
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function compare({ place, before, after }: Pair): RuleDifference {
  const path = place === null ? '' : formatJsonPath(place).replace(/^\./, '');
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
