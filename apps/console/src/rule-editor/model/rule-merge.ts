/** What two people made of the same rule: member by member, against what both began with. */
import type { JsonObject } from './condition-tree.ts';

export interface MemberChange {
  name: string;
  /** undefined: there is none. */
  base: unknown;
  mine: unknown;
  theirs: unknown;
  by: 'me' | 'them' | 'both';
}

export type Side = 'mine' | 'theirs';

/** Members that are no longer as they were; what both changed alike is no matter. */
export function compareRules(base: JsonObject, mine: JsonObject, theirs: JsonObject): MemberChange[] {
  const names = [...new Set([base, mine, theirs].flatMap((one) => Object.keys(one)))];
  return names.flatMap((name): MemberChange[] => {
    const change = { name, base: own(base, name), mine: own(mine, name), theirs: own(theirs, name) };
    const [byMe, byThem] = [!isSame(change.base, change.mine), !isSame(change.base, change.theirs)];
    if ((!byMe && !byThem) || isSame(change.mine, change.theirs)) return [];
    return [{ ...change, by: byMe && byThem ? 'both' : byMe ? 'me' : 'them' }];
  });
}

/** @param chosen whose member it is to be; a member that is not named is as in `theirs` */
export function mergeRules(mine: JsonObject, theirs: JsonObject, chosen: Readonly<Record<string, Side>>): JsonObject {
  const merged: JsonObject = { ...theirs };
  for (const [name, side] of Object.entries(chosen)) {
    const value = own(side === 'mine' ? mine : theirs, name);
    if (value === undefined) Reflect.deleteProperty(merged, name);
    else merged[name] = value;
  }
  return merged;
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether two values of JSON say the same; the order of members says nothing. No recursion: conditions nest to any depth. */
export function isSame(one: unknown, other: unknown): boolean {
  const pending: [unknown, unknown][] = [[one, other]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    if (Array.isArray(a) !== Array.isArray(b)) return false;
    const [left, right] = [a as JsonObject, b as JsonObject];
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(right, name)) return false;
      pending.push([left[name], right[name]]);
    }
  }
  return true;
}
