import { Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ruleVersionsQuery, type RuleVersionsQuery } from '#libs/contracts/rule.schema.ts';
import { diffRules, type RuleDifference } from '#libs/domain/rules/rule-diff.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { RuleVersion } from '#libs/store/rules/rule-version.model.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { ruleVersionAnswer, ruleVersionsAnswer, type VersionView } from './rule.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { mayShare } from '../auth/brand-scope.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { isVisible, visibleVersion } from './rule-history.ts';
import { tagged } from '../http/request-headers.ts';
import { ruleNotFound } from './rule.reader.ts';
import { noVersion } from './rules.service.ts';

/** Every saved state of a rule, also of one that was deleted since. */
@ManagerController('rules/:id/versions', 'Rules')
export class RuleVersionsController {
  constructor(@Inject(tokens.ruleVersions) private readonly versions: RuleVersions) {}

  /** Newest first. */
  @Operation({
    id: 'MngGetWorkflowRuleVersions',
    summary: 'List who changed what of a rule, newest first; also of one that was deleted',
    data: ruleVersionsAnswer,
    errors: ['rule_not_found'],
  })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query({ schema: ruleVersionsQuery }) { cursor, limit }: RuleVersionsQuery,
  ): Promise<{ versions: VersionView[]; next_cursor: string | null }> {
    await this.#checkVisible(session, id);
    const { items, nextCursor } = await this.versions.list(id, { limit, ...(cursor !== undefined && { cursor }) });
    const last = items.at(-1);
    const before = last === undefined ? null : await visibleVersion(this.versions, session, id, last.version - 1);
    const views = items.flatMap((one, index): VersionView | [] => {
      const earlier = items[index + 1] ?? before;
      const known = earlier && isVisible(session, earlier) ? earlier : null;
      // That a rule of another brand was deleted is that brand's business, too.
      const isShown = one.rule === null ? known?.rule != null : isVisible(session, one);
      return isShown ? toVersionView(one, known) : [];
    });
    return { versions: views, next_cursor: nextCursor };
  }

  @Operation({
    id: 'MngGetWorkflowRuleVersion',
    summary: 'Read a rule as it was saved, and what that changed',
    data: ruleVersionAnswer,
    errors: ['rule_not_found', 'version_not_found'],
  })
  @Get(':version')
  async get(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Param('version') version: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ rule: Rule; changes: RuleDifference[] }> {
    await this.#checkVisible(session, id);
    const number = /^[1-9]\d{0,14}$/.test(version) ? Number(version) : 0;
    const saved = await visibleVersion(this.versions, session, id, number);
    if (saved?.rule == null) throw noVersion();
    const before = await visibleVersion(this.versions, session, id, number - 1);
    return { rule: tagged(response, saved.rule), changes: diffRules(before?.rule ?? null, saved.rule) };
  }

  /** By the brand it has, or had last. */
  async #checkVisible(session: Session, id: string): Promise<void> {
    const { items } = await this.versions.list(id, { limit: 2 });
    const rule = items.find((one) => one.rule !== null)?.rule ?? null;
    if (rule === null || !mayShare(session, rule.brand)) throw ruleNotFound();
  }
}

function toVersionView({ version, at, by, rule }: RuleVersion, before: RuleVersion | null): VersionView {
  return { version, at, by, deleted: rule === null, changes: diffRules(before?.rule ?? null, rule) };
}
