/** What a session may see of the versions of a rule. */
import { diffRules, type RuleDifference } from '#libs/domain/rules/rule-diff.ts';
import type { RuleVersion } from '#libs/store/rules/rule-version.model.ts';
import type { RuleVersions, VersionKey } from '#libs/store/rules/rule-version.repository.ts';
import { mayShare } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';

/** Versions of another brand are shown to sessions of that brand alone. */
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

/** What each of the versions changed about the one before, in their order. */
export async function listChanges(
  versions: Pick<RuleVersions, 'getAll'>,
  session: Session,
  wanted: readonly VersionKey[],
): Promise<RuleDifference[][]> {
  const before = ({ rule_id, version }: VersionKey): VersionKey => ({ rule_id, version: version - 1 });
  const found = await versions.getAll([...wanted, ...wanted.map(before).filter(({ version }) => version > 0)]);
  const keyOf = ({ rule_id, version }: VersionKey): string => `${rule_id}@${version}`;
  const visible = new Map(found.filter((one) => isVisible(session, one)).map((one) => [keyOf(one), one.rule]));
  return wanted.map((key) => diffRules(visible.get(keyOf(before(key))) ?? null, visible.get(keyOf(key)) ?? null));
}
