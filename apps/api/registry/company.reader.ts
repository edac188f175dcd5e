import type { Status } from '#libs/domain/directory.ts';
import { fieldsWithStatuses } from '#libs/domain/fields.ts';
import { isJsonObject } from '#libs/domain/json-object.ts';
import type { ObservedTrigger } from '#libs/domain/observed-trigger.ts';
import type { Rule } from '#libs/domain/rule.ts';
import { isKnownTrigger } from '#libs/domain/triggers.ts';
import type { ValidationOptions } from '#libs/domain/validate-rule.ts';
import { mayShare } from '../session/brand-scope.ts';
import type { Session } from '../session/session.ts';
import type { NamedRecords } from './choices.ts';

export const companyReader = Symbol('companyReader');

/** What a rule is written beside. */
export interface CompanyReader {
  statuses(): Promise<Status[]>;
  records(): Promise<NamedRecords>;
  activeRules(): Promise<Rule[]>;
  observedTriggers(): Promise<ObservedTrigger[]>;
  isObserved(trigger: string): Promise<boolean>;
}

/**
 * What a rule is validated against, for a session.
 * @param input as somebody wrote it: its trigger is looked up, if it has one
 */
export async function validationOptions(
  company: CompanyReader,
  statuses: readonly Status[],
  input: unknown,
): Promise<ValidationOptions> {
  const name = isJsonObject(input) ? input['trigger_event'] : undefined;
  const isObserved = typeof name === 'string' && !isKnownTrigger(name) && (await company.isObserved(name));
  return { fields: fieldsWithStatuses(statuses), isKnownTrigger: () => isObserved };
}

/** What belongs to no brand is everybody's; what belongs to another is not even counted. */
export function visibleOf<Item extends { brand?: string | null }>(session: Session, items: Item[]): Item[] {
  return items.filter(({ brand = null }) => mayShare(session, brand));
}
