/** Publishing by two people (RULES_FOUR_EYES): the author of what a rule says cannot activate it. */
import { apiKeyOfUser, type StoredApiKey } from '#libs/domain/access/api-key.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { Rule, RuleDefinition } from '#libs/domain/rules/rule.ts';
import { toDefinition } from '#libs/domain/rules/rule-definition.ts';
import { isSame } from '#libs/domain/rules/rule-plan.ts';
import type { RuleVersions } from './rule-version.repository.ts';

export interface FourEyesPorts {
  versions: Pick<RuleVersions, 'list'>;
  findApiKey: (apiKeyId: string) => Promise<StoredApiKey | null>;
  isNeeded: boolean;
}

export class FourEyes {
  readonly #ports: FourEyesPorts;

  constructor(ports: FourEyesPorts) {
    this.#ports = ports;
  }

  /**
   * @param userId who writes
   * @param current what is stored; null = the rule is new
   * @throws PermanentError `four_eyes_required` for a write after which a rule is active that this person wrote
   */
  async check(userId: string, current: Rule | null, wanted: RuleDefinition): Promise<void> {
    if (!this.#ports.isNeeded || wanted.status !== 'active') return;
    if (current !== null && isSame(current, wanted)) return;
    if (current === null || !saysTheSame(current, wanted)) {
      throw refused('Save it with status draft, shadow or inactive, and let another person activate it.');
    }
    if (apiKeyOfUser(userId) !== null) throw refused('An API key is no person: let a person activate it.');
    if ((await this.#personOf(await this.#authorOf(current))) === userId) {
      throw refused('You wrote it: let another person activate it.');
    }
  }

  /** What an API key has written counts as written by its creator. */
  async #personOf(author: string): Promise<string> {
    const keyId = apiKeyOfUser(author);
    return keyId === null ? author : ((await this.#ports.findApiKey(keyId))?.created_by ?? author);
  }

  /** Who wrote what it says now, whatever its status has been since. */
  async #authorOf(current: Rule): Promise<string> {
    let author = current.updated_by;
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Awaited<ReturnType<RuleVersions['list']>> = await this.#ports.versions.list(current.id, {
        limit: 100,
        ...(cursor !== '' && { cursor }),
      });
      for (const { rule, by, version } of page.items) {
        if (version > current.version) continue;
        if (rule === null || !saysTheSame(rule, current)) return author;
        author = by;
      }
      cursor = page.nextCursor;
    }
    return author;
  }
}

function saysTheSame(a: RuleDefinition, b: RuleDefinition): boolean {
  return isSame({ ...toDefinition(a), status: b.status }, b);
}

function refused(advice: string): PermanentError {
  return new PermanentError('four_eyes_required', `Rules are published by two people here. ${advice}`);
}
