import type { Status } from '#libs/domain/directory.ts';
import type { Rule } from '#libs/domain/rule.ts';
import { mayShare } from '../session/brand-scope.ts';
import type { Session } from '../session/session.ts';

export const companyReader = Symbol('companyReader');

/** What a rule is written beside. */
export interface CompanyReader {
  statuses(): Promise<Status[]>;
  activeRules(): Promise<Rule[]>;
}

/** What belongs to no brand is everybody's; what belongs to another is not even counted. */
export function visibleOf<Item extends { brand?: string | null }>(session: Session, items: Item[]): Item[] {
  return items.filter(({ brand = null }) => mayShare(session, brand));
}
