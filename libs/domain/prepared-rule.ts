/** A rule as it is looked at together with the others. */
import { effectOf, type ActionEffect } from './action-effects.ts';
import type { Status } from './directory.ts';
import { prepareClaims, type Claims } from './overlap.ts';
import type { RuleDefinition } from './rule.ts';

export type NamedRule = RuleDefinition & { id: string };

export class PreparedRule {
  readonly rule: NamedRule;
  /** Of those actions that change something; `index` is the place of the action. */
  readonly effects: readonly { index: number; effect: ActionEffect }[];
  #claims: Claims | undefined;

  constructor(rule: NamedRule, statuses: readonly Status[]) {
    this.rule = rule;
    this.effects = rule.actions.flatMap((action, index) => {
      const effect = effectOf(action, statuses);
      return effect === null ? [] : [{ index, effect }];
    });
  }

  /** Made when somebody asks: most rules of an installation never meet. */
  get claims(): Claims {
    this.#claims ??= prepareClaims(this.rule.conditions);
    return this.#claims;
  }

  /** For messages. */
  get title(): string {
    return `rule "${this.rule.name}" (${this.rule.id})`;
  }
}

/** Rules of no brand belong to every brand. */
export function haveBrandInCommon(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}
