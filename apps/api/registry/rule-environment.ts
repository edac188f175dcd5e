import type { Status } from '#libs/domain/directory/directory.ts';
import type { ObservedEventType } from '#libs/domain/context/observed-event-type.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { mayShare } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { NamedRecords } from './named-records.ts';

export const ruleEnvironmentReader = Symbol('ruleEnvironmentReader');

/** What a rule is written beside. */
export interface RuleEnvironment {
  statuses(): Promise<Status[]>;
  records(): Promise<NamedRecords>;
  activeRules(): Promise<Rule[]>;
  observedTriggers(): Promise<ObservedEventType[]>;
  isObserved(trigger: string): Promise<boolean>;
}

/** What belongs to no brand is everybody's; what belongs to another is not even counted. */
export function filterVisible<Item extends { brand?: string | null }>(session: Session, items: Item[]): Item[] {
  return items.filter(({ brand = null }) => mayShare(session, brand));
}
