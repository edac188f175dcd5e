/** A rule as it is looked at together with the others. */
import { toActionEffect, type ActionEffect } from './action-effects.ts';
import type { Status } from '../directory/directory.ts';
import { prepareImpliedPredicates, type ImpliedPredicates } from './condition-overlap.ts';
import type { RuleDefinition } from '../rules/rule.ts';

export type NamedRule = RuleDefinition & { id: string };

export class PreparedRule {
  readonly rule: NamedRule;
  /** Of those actions that change something; `index` is the place of the action. */
  readonly effects: readonly { index: number; effect: ActionEffect }[];
  #implied: ImpliedPredicates | undefined;

  constructor(rule: NamedRule, statuses: readonly Status[]) {
    this.rule = rule;
    const effects = rule.actions.flatMap((action, index) => {
      const effect = toActionEffect(action, statuses);
      return effect === null ? [] : [{ index, effect }];
    });
    this.effects = effects.map(({ index, effect }, place) => {
      const field = effect.write?.field;
      const isOverwritten = effects.slice(place + 1).some((later) => later.effect.write?.field === field);
      return { index, effect: field !== undefined && isOverwritten ? withoutCustomer(effect) : effect };
    });
  }

  /** Made on first use: most rules of an installation never meet. */
  get implied(): ImpliedPredicates {
    this.#implied ??= prepareImpliedPredicates(this.rule.conditions);
    return this.#implied;
  }

  /** For messages. */
  get title(): string {
    return `rule "${this.rule.name}" (${this.rule.id})`;
  }
}

/** When the event arrives, a later action of the same rule may have changed the customer again. */
function withoutCustomer(effect: ActionEffect): ActionEffect {
  const facts = Object.entries(effect.facts).filter(([path]) => !path.startsWith('customer.'));
  return { ...effect, facts: Object.fromEntries(facts) };
}

/** Whether events start it now: a request starts one process and nothing beside it. */
export function isMatchedByEvents({ status, process }: NamedRule): boolean {
  return status === 'active' && process === undefined;
}

/** Rules of no brand belong to every brand. */
export function haveBrandInCommon(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}
