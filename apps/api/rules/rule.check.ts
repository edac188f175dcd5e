/** What there is to say about a rule that a session has sent, computed apart from what answers requests. */
import type { Status } from '#libs/domain/directory/directory.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import type { HeldBack } from '#libs/domain/analysis/held-back.ts';
import type { NamedRule } from '#libs/domain/analysis/prepared-rule.ts';
import { isKnownTrigger } from '#libs/domain/events/triggers.ts';
import type { RuleValidation } from '#libs/domain/validation/validate-rule.ts';
import type { Compute } from '../compute/compute.pool.ts';
import { filterVisible, type RuleEnvironment } from '../registry/rule-environment.ts';
import type { Session } from '../auth/authenticate.ts';

export class RuleCheck {
  readonly #ruleSet: Pick<RuleEnvironment, 'statuses' | 'isObserved' | 'activeRules'>;
  readonly #compute: Compute;

  constructor(ruleSet: Pick<RuleEnvironment, 'statuses' | 'isObserved' | 'activeRules'>, compute: Compute) {
    this.#ruleSet = ruleSet;
    this.#compute = compute;
  }

  /** @param input as the caller wrote it: its trigger is looked up, if it has one. @throws what computing throws */
  async validate(session: Session, input: unknown): Promise<RuleValidation> {
    const name = isJsonObject(input) ? input['trigger_event'] : undefined;
    const isObserved = typeof name === 'string' && !isKnownTrigger(name) && (await this.#ruleSet.isObserved(name));
    const statuses = await this.#statuses(session);
    return this.#compute.run(session.userId, 'validate', { rule: input, statuses, isObserved });
  }

  /** @returns warnings about the rule beside the active ones that the session may see. @throws what computing throws */
  async compare(session: Session, rule: NamedRule): Promise<Problem[]> {
    // One that is not active does nothing to others.
    if (rule.status !== 'active') return [];
    const [statuses, active] = [await this.#statuses(session), await this.#ruleSet.activeRules()];
    const { userId, brands } = session;
    return this.#compute.run(userId, 'compare', { rule, statuses, brands }, active);
  }

  /** @returns the active rules the session may see that would hold it back, or it them. @throws what computing throws */
  async heldBack({ userId, brands }: Session, rule: NamedRule): Promise<HeldBack> {
    return this.#compute.run(userId, 'heldBack', { rule, brands }, await this.#ruleSet.activeRules());
  }

  async #statuses(session: Session): Promise<Status[]> {
    return filterVisible(session, await this.#ruleSet.statuses());
  }
}
