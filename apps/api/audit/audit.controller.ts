import { Get, Inject, Query } from '@nestjs/common';
import { auditQuery, type AuditQuery } from '#libs/contracts/list-query.schema.ts';
import type { AuditEntry } from '#libs/domain/access/audit-log.ts';
import { parseRuleId } from '#libs/domain/runs/execution-id.ts';
import type { AuditLog } from '#libs/store/access/audit.repository.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { auditAnswer, type AuditView } from './audit.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { visibleRules, type RuleReader } from '../rules/rule.reader.ts';
import { listChanges } from '../rules/rule-history.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';

export type AuditReader = Pick<AuditLog, 'list'>;

@ManagerController('audit', 'Access')
@Roles(['SESSION_ADMIN'])
export class AuditController {
  constructor(
    @Inject(tokens.auditLog) private readonly auditLog: AuditReader,
    @Inject(tokens.rules) private readonly rules: RuleReader,
    @Inject(tokens.ruleVersions) private readonly versions: RuleVersions,
  ) {}

  /** Newest first. A session for some brands sees what was about one of them alone. */
  @Operation({ id: 'MngGetWorkflowAuditLog', summary: 'List who changed what, newest first', data: auditAnswer })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: auditQuery }) { by, target, operation, brand: asked, from, to, cursor, limit }: AuditQuery,
  ): Promise<{ entries: AuditView[]; next_cursor: string | null }> {
    const brand = brandScope(session, asked);
    const { items, nextCursor } = await this.auditLog.list(
      {
        ...(by !== undefined && { by }),
        ...(target !== undefined && { target }),
        ...(operation !== undefined && { operation }),
        ...(brand !== undefined && { brand }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      },
      { limit, ...(cursor !== undefined && { cursor }) },
    );
    return { entries: await this.#views(session, items), next_cursor: nextCursor };
  }

  async #views(session: Session, entries: AuditEntry[]): Promise<AuditView[]> {
    const made = entries.flatMap(({ target, rule_version: version }) =>
      version === null ? [] : [{ rule_id: target.replace(/^rule\//, ''), version }],
    );
    const changes = (await listChanges(this.versions, session, made)).values();
    const ruleIds = entries.map(({ target }) => ruleIdOf(target));
    const rules = await visibleRules(
      this.rules,
      session,
      ruleIds.filter((id) => id !== null),
    );
    return entries.map((entry, index) => ({
      ...entry,
      rule_name: rules.get(ruleIds[index] ?? '')?.name ?? null,
      changes: entry.rule_version === null ? null : (changes.next().value ?? []),
    }));
  }
}

/** @returns null for what is neither about a rule nor about a run */
function ruleIdOf(target: string): string | null {
  if (target.startsWith('rule/')) return target.slice('rule/'.length);
  return target.startsWith('run/') ? parseRuleId(target.slice('run/'.length)) : null;
}
