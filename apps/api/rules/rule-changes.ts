/** What a session may see of the versions of a rule. */
import { diffRules, type RuleDifference } from '#libs/domain/rule-diff.ts';
import type { RuleVersion } from '#libs/store/rule-version.model.ts';
import type { RuleVersions } from '#libs/store/rule-version.repository.ts';
import { mayShare } from '../session/brand-scope.ts';
import type { Session } from '../session/session.ts';

export const ruleVersions = Symbol('ruleVersions');
export type VersionReader = RuleVersions;

/** What it said while it was of another brand is nobody's business but that brand's. */
export function isVisible(session: Session, { rule }: RuleVersion): boolean {
  return rule === null || mayShare(session, rule.brand);
}

/** @returns null for a version there is not, or that the session may not see */
export async function visibleVersion(
  versions: Pick<RuleVersions, 'get'>,
  session: Session,
  id: string,
  version: number,
): Promise<RuleVersion | null> {
  const found = version < 1 ? null : await versions.get(id, version);
  return found !== null && isVisible(session, found) ? found : null;
}

/** What a version changed about the one before. */
export async function changesOf(
  versions: Pick<RuleVersions, 'get'>,
  session: Session,
  id: string,
  version: number,
): Promise<RuleDifference[]> {
  const [before, after] = await Promise.all([
    visibleVersion(versions, session, id, version - 1),
    visibleVersion(versions, session, id, version),
  ]);
  return diffRules(before?.rule ?? null, after?.rule ?? null);
}
