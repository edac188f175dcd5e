/** Writes rules in the name of a session: within its brands, on the version it has seen, validated like any other. */
import { PermanentError, type Problem } from '#libs/domain/errors/errors.ts';
import type { Rule, RuleDefinition, RuleStatus } from '#libs/domain/rules/rule.ts';
import { newRuleId, ruleIdOfRequest } from '#libs/domain/rules/rule-id.ts';
import { toDefinition, unsavedRule } from '#libs/domain/rules/rule-definition.ts';
import { checkVersion, isNextVersion, isSame, ruleArchived } from '#libs/domain/rules/rule-plan.ts';
import type { RuleRepository } from '#libs/store/rules/rule.repository.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { FourEyes } from '#libs/store/rules/four-eyes.policy.ts';
import { ApiError } from '../http/api.error.ts';
import { maySee, mayShare } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { RuleCheck } from './rule.check.ts';
import { visibleRule } from './rule.reader.ts';

export interface RuleWriterPorts {
  rules: Pick<RuleRepository, 'apply' | 'archive' | 'delete' | 'get' | 'list'>;
  versions: RuleVersions;
  check: RuleCheck;
  fourEyes: FourEyes;
}

export interface WrittenRule {
  rule: Rule;
  warnings: Problem[];
}

export class RulesService {
  readonly #ports: RuleWriterPorts;

  constructor(ports: RuleWriterPorts) {
    this.#ports = ports;
  }

  /**
   * @param key `Idempotency-Key`: the same request sent again makes nothing and answers the same
   * @throws ApiError 422 `invalid_rule`, `idempotency_key_reused`; 403 `access_denied`; what the repository throws
   */
  async add(session: Session, input: unknown, key: string | null): Promise<WrittenRule> {
    const { definition, id: given, warnings } = await this.#read(session, input, null);
    const id = given ?? (key === null ? newRuleId(definition.name) : ruleIdOfRequest(session.userId, key));
    const isRetry = key !== null;
    const made = isRetry ? await this.#madeBefore(session, id, definition, given !== null) : null;
    if (made !== null) return { rule: made, warnings };
    await this.#ports.fourEyes.check(session.userId, null, definition);
    try {
      return { rule: await this.#put(session, id, definition, 0), warnings };
    } catch (error) {
      if (!(error instanceof PermanentError) || error.code !== 'version_conflict') throw error;
      // The same request may have come twice at once.
      const other = isRetry ? await this.#madeBefore(session, id, definition, given !== null) : null;
      if (other !== null) return { rule: other, warnings };
      // Not more: the rule may be of a brand that this session is not for.
      throw new ApiError(409, 'version_conflict', 'The id is taken: choose another, or leave it out.');
    }
  }

  async update(session: Session, id: string, input: unknown, version: number): Promise<WrittenRule> {
    const current = await this.#writable(session, id);
    const mayBeRepeated = isNextVersion(version, current, session.userId);
    // Checking the rule takes long: a version conflict is told before it.
    if (!mayBeRepeated) checkVersion(id, version, current);
    const { definition, warnings } = await this.#read(session, input, id);
    if (mayBeRepeated && !isSame(current, definition)) checkVersion(id, version, current);
    await this.#ports.fourEyes.check(session.userId, current, definition);
    return { rule: await this.#put(session, id, definition, version), warnings };
  }

  async setStatus(session: Session, id: string, status: RuleStatus, version: number | undefined): Promise<Rule> {
    const current = await this.#writable(session, id);
    const definition = { ...toDefinition(current), status };
    await this.#ports.fourEyes.check(session.userId, current, definition);
    return this.#put(session, id, definition, version ?? current.version);
  }

  /** Makes a new version that says what an earlier one said; the rule keeps its status. */
  async rollBack(session: Session, id: string, to: number, version: number | undefined): Promise<WrittenRule> {
    const current = await this.#writable(session, id);
    if (current.status === 'archived') throw ruleArchived(id);
    const earlier = await this.#ports.versions.get(id, to);
    if (earlier?.rule == null || !mayShare(session, earlier.rule.brand)) throw noVersion();
    // What was right then may be wrong now: a status that is gone, another brand than that of the session.
    const { definition, warnings } = await this.#read(
      session,
      { ...toDefinition(earlier.rule), status: current.status },
      id,
    );
    await this.#ports.fourEyes.check(session.userId, current, definition);
    return { rule: await this.#put(session, id, definition, version ?? current.version), warnings };
  }

  async archive(session: Session, id: string, version: number | undefined): Promise<Rule> {
    const current = await this.#writable(session, id);
    return this.#ports.rules.archive(id, session.userId, version ?? current.version);
  }

  async delete(session: Session, id: string, version: number | undefined): Promise<void> {
    const current = await this.#writable(session, id);
    await this.#ports.rules.delete(id, session.userId, version ?? current.version);
  }

  /**
   * A rule as it would be stored, for callers that only read it. @param id of the rule it would replace; null: as it says
   * @throws ApiError 422 `invalid_rule`, 403 `access_denied`
   */
  async read(
    session: Session,
    input: unknown,
    id: string | null = null,
  ): Promise<{ candidate: Rule; id: string | null }> {
    const { definition, id: given } = await this.#read(session, input, id);
    return { candidate: unsavedRule(definition, id ?? given, session.userId), id: id ?? given };
  }

  async #put(session: Session, id: string, definition: RuleDefinition, ifVersion: number): Promise<Rule> {
    const [applied] = await this.#ports.rules.apply([{ id, definition, ifVersion }], session.userId);
    if (applied === undefined) throw new RangeError('one rule was to be written');
    return applied.rule;
  }

  /** @param id of the rule it replaces; null: of none */
  async #read(
    session: Session,
    input: unknown,
    id: string | null,
  ): Promise<{ definition: RuleDefinition; id: string | null; warnings: Problem[] }> {
    const { rule, id: given, errors, warnings } = await this.#ports.check.validate(session, input);
    if (rule === null) throw invalid(errors);
    if (id !== null && given !== null && given !== id) {
      throw invalid([{ path: 'id', code: 'wrong_value', message: `must be left out, or "${id}"` }]);
    }
    this.#checkBrand(session, rule.brand);
    const inRuleSet = await this.#ports.check.compare(session, { ...rule, id: id ?? given ?? '' });
    return { definition: rule, id: given, warnings: [...warnings, ...inRuleSet] };
  }

  /**
   * What this request has made, if it came before. The id that follows from its key is its own for ever; under one that
   * it chose stands what it made as long as that is what stands there now.
   */
  async #madeBefore(session: Session, id: string, definition: RuleDefinition, isChosen: boolean): Promise<Rule | null> {
    if (isChosen) {
      const now = await this.#ports.rules.get(id);
      return now !== null && now.created_by === session.userId && isSame(now, definition) ? now : null;
    }
    const first = await this.#ports.versions.get(id, 1);
    if (first?.rule == null) return null;
    if (first.by === session.userId && isSame(first.rule, definition)) return first.rule;
    throw new ApiError(422, 'idempotency_key_reused', 'This Idempotency-Key has been used for another request.');
  }

  /** @throws ApiError 404 `rule_not_found`; 403 `access_denied` for one of every brand */
  async #writable(session: Session, id: string): Promise<Rule> {
    const rule = await visibleRule(this.#ports.rules, session, id);
    this.#checkBrand(session, rule.brand);
    return rule;
  }

  #checkBrand(session: Session, brand: string | null): void {
    if (maySee(session, brand)) return;
    const what = brand === null ? 'rules of every brand: name a brand' : `rules of brand "${brand}"`;
    throw new ApiError(403, 'access_denied', `This session may not write ${what}.`);
  }
}

function invalid(problems: readonly Problem[]): ApiError {
  return new ApiError(422, 'invalid_rule', 'The rule is not valid; see details.', problems);
}

export function noVersion(): ApiError {
  return new ApiError(404, 'version_not_found', 'There is no such version of this rule.');
}
