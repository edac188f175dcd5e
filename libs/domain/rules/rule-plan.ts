/** What a write makes of the rules that are stored: pure, so that it can be planned again after losing a race. */
import { InvalidInputError, PermanentError, type Problem } from '#libs/domain/errors/errors.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { toDefinition } from '#libs/domain/rules/rule-definition.ts';
import { ruleIdExpected, ruleIdPattern, type Rule, type RuleDefinition } from '#libs/domain/rules/rule.ts';
import type { DeletedRule } from './rule-change.ts';

export interface RuleWrite {
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ -`. */
  id: string;
  definition: RuleDefinition;
  /** Version the writer has seen; 0 = the rule must be new. Left out: whatever is there is replaced. */
  ifVersion?: number;
}

export interface AppliedRule {
  rule: Rule;
  outcome: 'created' | 'updated' | 'unchanged';
}

/** What is stored under an id: the rule, or null with the version at which it was deleted. */
export interface StoredRule {
  rule: Rule | null;
  version: number;
}

/** Who writes, and when (ISO 8601 UTC). */
export interface Authorship {
  by: string;
  at: string;
}

/** @throws InvalidInputError listing ids that are malformed or given twice */
export function checkIds(writes: RuleWrite[]): void {
  const problems = writes.flatMap(({ id }, index): Problem[] => {
    const path = `rules[${index}].id`;
    if (!ruleIdPattern.test(id)) {
      const message = `The id "${id}" ${ruleIdExpected}.`;
      return [{ path, code: 'invalid_id', message }];
    }
    const first = writes.findIndex((other) => other.id === id);
    return first < index
      ? [{ path, code: 'duplicate_id', message: `The id "${id}" is also that of rules[${first}].` }]
      : [];
  });
  if (problems.length > 0) throw new InvalidInputError('Rules need ids of their own.', problems);
}

export function ruleArchived(id: string): PermanentError {
  return new PermanentError(
    'rule_archived',
    `Rule "${id}" is archived and cannot be changed; delete it to reuse its id.`,
  );
}

/** @throws PermanentError `version_conflict`, `rule_archived` */
export function planPut(write: RuleWrite, stored: StoredRule | undefined, { by, at }: Authorship): AppliedRule {
  const { id, definition } = write;
  const current = stored?.rule ?? null;
  const says = current !== null && isSame(current, definition);
  if (!says || !isNextVersion(write.ifVersion, current, by)) checkVersion(id, write.ifVersion, current);
  if (says) return { rule: current, outcome: 'unchanged' };
  if (current?.status === 'archived') {
    throw ruleArchived(id);
  }
  const rule: Rule = {
    ...toDefinition(definition),
    id,
    version: (stored?.version ?? 0) + 1,
    created_at: current?.created_at ?? at,
    updated_at: at,
    archived_at: definition.status === 'archived' ? at : null,
    created_by: current?.created_by ?? by,
    updated_by: by,
  };
  return { rule, outcome: current === null ? 'created' : 'updated' };
}

/** @throws PermanentError `rule_not_found`, `version_conflict` */
export function planArchive(
  id: string,
  stored: StoredRule | undefined,
  { by, at }: Authorship,
  ifVersion?: number,
): AppliedRule {
  const current = existing(id, stored);
  const isArchived = current.status === 'archived';
  if (!isArchived || !isNextVersion(ifVersion, current, by)) checkVersion(id, ifVersion, current);
  if (isArchived) return { rule: current, outcome: 'unchanged' };
  const archived = { status: 'archived', archived_at: at, updated_at: at, updated_by: by } as const;
  return { rule: { ...current, ...archived, version: current.version + 1 }, outcome: 'updated' };
}

/** @returns the version of the deletion. @throws PermanentError `rule_not_found`, `version_conflict` */
export function planDelete(id: string, stored: StoredRule | undefined, ifVersion?: number): DeletedRule {
  const current = existing(id, stored);
  checkVersion(id, ifVersion, current);
  return { id, version: current.version + 1, brand: current.brand };
}

function existing(id: string, stored: StoredRule | undefined): Rule {
  if (stored?.rule) return stored.rule;
  throw new PermanentError('rule_not_found', `There is no rule "${id}".`);
}

/** @throws PermanentError `version_conflict` */
export function checkVersion(id: string, expected: number | undefined, current: Rule | null): void {
  const version = current?.version ?? 0;
  if (expected === undefined || (expected === 0 ? current === null : expected === version)) return;
  const message =
    expected === 0
      ? `Rule "${id}" exists already, at version ${version}.`
      : current === null
        ? `Rule "${id}" was deleted meanwhile.`
        : `Rule "${id}" was changed meanwhile: it is at version ${version}, not ${expected}.`;
  throw new PermanentError('version_conflict', message);
}

/**
 * Whether a write on that version may have been executed before: one whose answer was lost is sent again, and finds
 * what it made. It is the same write if the rule says what it wants. A rule made anew is told apart by its
 * `Idempotency-Key`.
 */
export function isNextVersion(ifVersion: number | undefined, current: Rule | null, by: string): boolean {
  if (current === null || ifVersion === undefined || ifVersion === 0) return false;
  return current.version === ifVersion + 1 && current.updated_by === by;
}

/** Whether two say the same. */
export function isSame(rule: RuleDefinition, definition: RuleDefinition): boolean {
  return writeJson(toDefinition(rule), { sortKeys: true }) === writeJson(toDefinition(definition), { sortKeys: true });
}
