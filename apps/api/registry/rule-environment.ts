import type { Status } from '#libs/domain/directory/directory.ts';
import type { ObservedEventType, ObservedEventTypes } from '#libs/domain/context/observed-event-type.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { Directory } from '#libs/store/directory/directory.ts';
import { mayShare } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { ActiveRulesCache } from './active-rules.ts';
import { readNamedRecords, type NamedRecords } from './named-records.ts';

/** What a rule is written beside. */
export interface RuleEnvironment {
  statuses(): Promise<Status[]>;
  records(): Promise<NamedRecords>;
  activeRules(): Promise<Rule[]>;
  observedTriggers(): Promise<ObservedEventType[]>;
  isObserved(trigger: string): Promise<boolean>;
}

export function createRuleEnvironment(
  directory: Pick<Directory, 'listAll'>,
  observed: Pick<ObservedEventTypes, 'list' | 'has'>,
  active: Pick<ActiveRulesCache, 'get'>,
): RuleEnvironment {
  return {
    statuses: () => directory.listAll('statuses'),
    records: () => readNamedRecords(directory),
    observedTriggers: () => observed.list(),
    isObserved: (trigger) => observed.has(trigger),
    activeRules: () => active.get(),
  };
}

/** What belongs to no brand is everybody's; what belongs to another is not even counted. */
export function filterVisible<Item extends { brand?: string | null }>(session: Session, items: Item[]): Item[] {
  return items.filter(({ brand = null }) => mayShare(session, brand));
}
