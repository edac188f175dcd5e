import type { Rule } from '#libs/domain/rules/rule.ts';
import type { RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { ApiError } from '../http/api.error.ts';
import { mayShare } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';

export type RuleReader = Pick<RuleRepository, 'get' | 'getAll' | 'list'>;

/**
 * Rules of no brand act on every brand: each session sees them.
 * @throws ApiError 404 `rule_not_found`, also for one of a brand the session is not for: its id alone tells something
 */
export async function visibleRule(rules: Pick<RuleReader, 'get'>, session: Session, id: string): Promise<Rule> {
  const rule = await rules.get(id);
  if (rule !== null && mayShare(session, rule.brand)) return rule;
  throw ruleNotFound();
}

/** By id; without those of a brand the session is not for. */
export async function visibleRules(
  rules: Pick<RuleReader, 'getAll'>,
  session: Session,
  ids: Iterable<string>,
): Promise<Map<string, Rule>> {
  const found = await rules.getAll(new Set(ids));
  return new Map([...found].filter(([, { brand }]) => mayShare(session, brand)));
}

export function ruleNotFound(): ApiError {
  return new ApiError(404, 'rule_not_found', 'There is no such rule.');
}
