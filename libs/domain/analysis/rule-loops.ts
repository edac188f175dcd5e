/**
 * Finds rules that start themselves again, by themselves or through others: rules and the kinds of events they publish
 * are a graph, looked through from a rule to the nearest way back. A rule with `re_enroll` closes no loop.
 */
import type { ActionEffect } from './action-effects.ts';
import { mayMeet, type Facts } from './condition-overlap.ts';
import { haveBrandInCommon, type PreparedRule } from './prepared-rule.ts';

export interface Loop {
  /** Place of the action it begins with. */
  action: number;
  /** The event that action publishes. */
  trigger: string;
  /** The rules in between, in order; none when the rule starts itself. */
  through: PreparedRule[];
}

/** What one action of one or many rules publishes: the same for all of them. */
interface Emission {
  trigger: string;
  brand: string | null;
  facts: Facts;
  /** Rules it may start; found when it is first asked for. */
  starts: ReadonlySet<PreparedRule> | null;
}

interface Published {
  emission: Emission;
  by: PreparedRule;
  action: number;
}

/** On the way from the rule to an emission. */
interface Step extends Published {
  before: Step | null;
}

export class RuleLoops {
  readonly #byTrigger = new Map<string, PreparedRule[]>();
  readonly #emissions = new Map<string, Emission>();
  readonly #emissionsOf = new Map<PreparedRule, Published[]>();
  readonly #next = new Map<Emission, Published[]>();

  /** @param rules that are active */
  constructor(rules: Iterable<PreparedRule>) {
    for (const rule of rules) {
      if (rule.rule.re_enroll !== undefined) continue;
      const others = this.#byTrigger.get(rule.rule.trigger_event);
      if (others === undefined) this.#byTrigger.set(rule.rule.trigger_event, [rule]);
      else others.push(rule);
    }
  }

  /** @returns a shortest way back to the rule, or null when there is none */
  find(rule: PreparedRule): Loop | null {
    const seen = new Set<Emission>();
    const steps: Step[] = [];
    const add = (step: Step): void => {
      seen.add(step.emission);
      steps.push(step);
    };
    for (const own of this.#published(rule)) if (!seen.has(own.emission)) add({ ...own, before: null });
    for (const step of steps) {
      if (this.#startedBy(step.emission).has(rule)) return toLoop(step);
      for (const next of this.#after(step.emission)) {
        if (!seen.has(next.emission)) add({ ...next, before: step });
      }
    }
    return null;
  }

  /** What the rules it starts publish, each kind once. */
  #after(emission: Emission): readonly Published[] {
    let next = this.#next.get(emission);
    if (next === undefined) {
      const byEmission = new Map<Emission, Published>();
      for (const rule of this.#startedBy(emission)) {
        for (const published of this.#published(rule)) {
          if (!byEmission.has(published.emission)) byEmission.set(published.emission, published);
        }
      }
      next = [...byEmission.values()];
      this.#next.set(emission, next);
    }
    return next;
  }

  #startedBy(emission: Emission): ReadonlySet<PreparedRule> {
    emission.starts ??= new Set(
      (this.#byTrigger.get(emission.trigger) ?? []).filter(
        ({ rule, implied }) => haveBrandInCommon(rule.brand, emission.brand) && mayMeet(implied, emission.facts),
      ),
    );
    return emission.starts;
  }

  #published(rule: PreparedRule): readonly Published[] {
    let published = this.#emissionsOf.get(rule);
    if (published === undefined) {
      published = rule.effects.flatMap(({ index, effect }) =>
        effect.emits.map((trigger) => ({
          by: rule,
          action: index,
          emission: this.#emission(trigger, rule.rule.brand, effect),
        })),
      );
      this.#emissionsOf.set(rule, published);
    }
    return published;
  }

  #emission(trigger: string, brand: string | null, { facts }: ActionEffect): Emission {
    const key = JSON.stringify([trigger, brand, facts]);
    let emission = this.#emissions.get(key);
    if (emission === undefined) {
      const known = brand === null ? facts : { ...facts, brand };
      emission = { trigger, brand, facts: new Map(Object.entries(known)), starts: null };
      this.#emissions.set(key, emission);
    }
    return emission;
  }
}

function toLoop(last: Step): Loop {
  const through: PreparedRule[] = [];
  let first = last;
  for (let before = last.before; before !== null; before = before.before) {
    through.unshift(first.by);
    first = before;
  }
  return { action: first.action, trigger: first.emission.trigger, through };
}
