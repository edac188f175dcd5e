/** Finds rules that set the same field to different values for the same events. */
import { mayOverlap } from './condition-overlap.ts';
import { holdsBack } from './held-back.ts';
import { haveBrandInCommon, type PreparedRule } from './prepared-rule.ts';

export interface RuleConflict {
  /** Place of the rule's action. */
  action: number;
  field: string;
  value: string;
  other: PreparedRule;
  othersValue: string;
}

/** What a rule leaves in a field in the end. */
interface Write {
  rule: PreparedRule;
  action: number;
  field: string;
  value: string;
}

export class RuleConflicts {
  readonly #byField = new Map<string, Write[]>();

  /** @param rule that is active */
  add(rule: PreparedRule): void {
    for (const write of lastWrites(rule)) {
      const others = this.#byField.get(toKey(write));
      if (others === undefined) this.#byField.set(toKey(write), [write]);
      else others.push(write);
    }
  }

  /** Among those that were added. */
  *find(rule: PreparedRule): Generator<RuleConflict> {
    for (const write of lastWrites(rule)) {
      const { action, field, value } = write;
      for (const { rule: other, value: othersValue } of this.#byField.get(toKey(write)) ?? []) {
        if (value === othersValue || !mayMeetOnOneEvent(rule, other)) continue;
        yield { action, field, value, other, othersValue };
      }
    }
  }
}

function toKey({ rule, field }: Write): string {
  return `${rule.rule.trigger_event}\n${field}`;
}

function lastWrites(rule: PreparedRule): Write[] {
  const writes = new Map<string, Write | null>();
  for (const { index, effect } of rule.effects) {
    if (effect.write === null) continue;
    const { field, value } = effect.write;
    writes.set(field, value === null ? null : { rule, action: index, field, value: String(value) });
  }
  return [...writes.values()].filter((write) => write !== null);
}

function mayMeetOnOneEvent(a: PreparedRule, b: PreparedRule): boolean {
  if (!haveBrandInCommon(a.rule.brand, b.rule.brand)) return false;
  if (holdsBack(a.rule, b.rule) || holdsBack(b.rule, a.rule)) return false;
  return mayOverlap(a.implied, b.implied);
}
