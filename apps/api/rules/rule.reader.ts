import type { Rule } from '#libs/domain/rules/rule.ts';
import type { RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { ApiError } from '../http/api.error.ts';
import { mayShare } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';

export type RuleReader = Pick<RuleRepository, 'get' | 'list'>;

/**
 * Rules of no brand act on every brand: each session sees them.
 * @throws ApiError 404 `rule_not_found`, also for one of a brand the session is not for: its id alone tells something
 */
export async function visibleRule(rules: RuleReader, session: Session, id: string): Promise<Rule> {
  const rule = await rules.get(id);
  if (rule !== null && mayShare(session, rule.brand)) return rule;
  throw ruleNotFound();
}

export function ruleNotFound(): ApiError {
  return new ApiError(404, 'rule_not_found', 'There is no such rule.');
}
