/** Decides about runs that the limit of their rule holds; `GET /api/workflow/runs?status=held` lists them. */
import { Inject, Param, Post, UseInterceptors } from '@nestjs/common';
import type { DiscardOutcome, HeldFilter, HeldRuns, ReleaseOutcome } from '#temporal/client/held-runs.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { discardAllAnswer, discardAnswer, releaseAllAnswer, releaseAnswer } from './held-run.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { visibleRule, type RuleReader } from '../rules/rule.reader.ts';
import { visibleRun, type RunReader } from './run.reader.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';

@ManagerController('runs/:id', 'Runs')
@Roles(['SESSION_ADMIN'])
@UseInterceptors(EmptyBodyInterceptor)
export class HeldRunController {
  constructor(
    @Inject(tokens.heldRuns) private readonly heldRuns: HeldRuns,
    @Inject(tokens.runs) private readonly runs: RunReader,
  ) {}

  @Operation({
    id: 'MngReleaseWorkflowRun',
    summary: 'Start a run that the limit of its rule holds',
    data: releaseAnswer,
    errors: ['run_not_found', 'run_not_held', 'start_refused', 'temporal_unavailable', 'outcome_unknown'],
  })
  @Post('release')
  async release(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ outcome: ReleaseOutcome }> {
    await visibleRun(this.runs, session, id);
    return { outcome: await this.heldRuns.release(id, session.userId) };
  }

  @Operation({
    id: 'MngDiscardWorkflowRun',
    summary: 'Give up a run that the limit of its rule holds',
    data: discardAnswer,
    errors: ['run_not_found', 'run_not_held'],
  })
  @Post('discard')
  async discard(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ outcome: DiscardOutcome }> {
    await visibleRun(this.runs, session, id);
    return { outcome: await this.heldRuns.discard(id, session.userId) };
  }
}

/** All of a rule, as far as they are of brands the session is for. The rule itself may be gone. */
@ManagerController('rules/:id/held', 'Runs')
@Roles(['SESSION_ADMIN'])
@UseInterceptors(EmptyBodyInterceptor)
export class HeldRunsOfRuleController {
  constructor(
    @Inject(tokens.heldRuns) private readonly heldRuns: HeldRuns,
    @Inject(tokens.runs) private readonly runs: RunReader,
    @Inject(tokens.rules) private readonly rules: RuleReader,
  ) {}

  @Operation({
    id: 'MngReleaseWorkflowRuns',
    summary: 'Start all runs that the limit of a rule holds',
    data: releaseAllAnswer,
    errors: ['rule_not_found', 'temporal_unavailable', 'outcome_unknown'],
  })
  @Post('release')
  async release(
    @CurrentSession() session: Session,
    @Param('id') id: string,
  ): Promise<{ released: number; refused: number }> {
    return this.heldRuns.releaseAll(await this.#filter(session, id), session.userId);
  }

  @Operation({
    id: 'MngDiscardWorkflowRuns',
    summary: 'Give up all runs that the limit of a rule holds',
    data: discardAllAnswer,
    errors: ['rule_not_found'],
  })
  @Post('discard')
  async discard(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ discarded: number }> {
    return this.heldRuns.discardAll(await this.#filter(session, id), session.userId);
  }

  async #filter(session: Session, ruleId: string): Promise<HeldFilter> {
    const brand = brandScope(session, undefined);
    const filter: HeldFilter = { ruleId, ...(brand !== undefined && { brand }) };
    const { items } = await this.runs.listHeld(filter, { limit: 1 });
    if (items.length === 0) await visibleRule(this.rules, session, ruleId);
    return filter;
  }
}
