/**
 * Rules that hold one another back by `stop_after`. No mistake, and so no warning: many rule sets are ordered so on
 * purpose. The author of a rule has to learn it all the same, since the rule never runs for events of the other.
 */
import { mayOverlap, prepareImpliedPredicates } from './condition-overlap.ts';
import { haveBrandInCommon, isMatchedByEvents, type NamedRule } from './prepared-rule.ts';

/** Rules named to a person. */
export interface NamedRules {
  count: number;
  /** The first ones, by priority. */
  rules: { rule_id: string; rule_name: string }[];
}

export interface HeldBack {
  /** Rules that run before it and stop: it never runs for an event that one of them matches. */
  held_back_by: NamedRules;
  /** Rules behind it, where it stops itself: they never run for an event that it matches. */
  holds_back: NamedRules;
}

const maxNamedRules = 10;

/** Where both match, the other does not run. */
export function holdsBack({ stop_after, priority }: NamedRule, other: NamedRule): boolean {
  return stop_after && priority < other.priority;
}

/**
 * @param rule taken as active @param active rules that are stored; the one of its id is left aside
 * @returns those that may match an event of the rule: they are left out where brands or conditions exclude it for certain
 */
export function findHeldBack(rule: NamedRule, active: readonly NamedRule[]): HeldBack {
  if (!isMatchedByEvents({ ...rule, status: 'active' })) return { held_back_by: named([]), holds_back: named([]) };
  const implied = prepareImpliedPredicates(rule.conditions);
  const mayMeet = (other: NamedRule): boolean =>
    other.id !== rule.id &&
    isMatchedByEvents(other) &&
    other.trigger_event === rule.trigger_event &&
    haveBrandInCommon(other.brand, rule.brand) &&
    mayOverlap(implied, prepareImpliedPredicates(other.conditions));
  // The order comes first: it leaves out most rules, and costs least.
  return {
    held_back_by: named(active.filter((other) => holdsBack(other, rule) && mayMeet(other))),
    holds_back: named(active.filter((other) => holdsBack(rule, other) && mayMeet(other))),
  };
}

function named(found: readonly NamedRule[]): NamedRules {
  const first = found.toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1)).slice(0, maxNamedRules);
  return { count: found.length, rules: first.map(({ id, name }) => ({ rule_id: id, rule_name: name })) };
}
