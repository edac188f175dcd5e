import type { Status } from '#libs/domain/directory.ts';
import type { ObservedTrigger } from '#libs/domain/observed-trigger.ts';
import type { Rule } from '#libs/domain/rule.ts';
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

/** What belongs to no brand is everybody's; what belongs to another is not even counted. */
export function visibleOf<Item extends { brand?: string | null }>(session: Session, items: Item[]): Item[] {
  return items.filter(({ brand = null }) => mayShare(session, brand));
}
