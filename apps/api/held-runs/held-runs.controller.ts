/** Decides about runs that the limit of their rule holds; `GET /api/workflow/runs?status=held` lists them. */
import { HttpCode, Inject, Param, Post, UseInterceptors } from '@nestjs/common';
import type { DiscardOutcome, HeldFilter, HeldRuns, ReleaseOutcome } from '#temporal/client/held-runs.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { ruleReader, visibleRule, type RuleReader } from '../rules/rule.reader.ts';
import { runReader, visibleRun, type RunReader } from '../runs/run.reader.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';

export const heldRuns = Symbol('heldRuns');

@ManagerController('runs/:id')
@Roles(['SESSION_ADMIN'])
@UseInterceptors(EmptyBodyInterceptor)
export class HeldRunController {
  readonly #held: HeldRuns;
  readonly #runs: RunReader;

  constructor(@Inject(heldRuns) held: HeldRuns, @Inject(runReader) runs: RunReader) {
    this.#held = held;
    this.#runs = runs;
  }

  @Post('release')
  @HttpCode(200)
  async release(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ outcome: ReleaseOutcome }> {
    await visibleRun(this.#runs, session, id);
    return { outcome: await this.#held.release(id, session.userId) };
  }

  @Post('discard')
  @HttpCode(200)
  async discard(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ outcome: DiscardOutcome }> {
    await visibleRun(this.#runs, session, id);
    return { outcome: await this.#held.discard(id, session.userId) };
  }
}

/** All of a rule, as far as they are of brands the session is for. The rule itself may be gone. */
@ManagerController('rules/:id/held')
@Roles(['SESSION_ADMIN'])
@UseInterceptors(EmptyBodyInterceptor)
export class HeldRunsOfRuleController {
  readonly #held: HeldRuns;
  readonly #runs: RunReader;
  readonly #rules: RuleReader;

  constructor(
    @Inject(heldRuns) held: HeldRuns,
    @Inject(runReader) runs: RunReader,
    @Inject(ruleReader) rules: RuleReader,
  ) {
    this.#held = held;
    this.#runs = runs;
    this.#rules = rules;
  }

  @Post('release')
  @HttpCode(200)
  async release(
    @CurrentSession() session: Session,
    @Param('id') id: string,
  ): Promise<{ released: number; refused: number }> {
    return this.#held.releaseAll(await this.#filter(session, id), session.userId);
  }

  @Post('discard')
  @HttpCode(200)
  async discard(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ discarded: number }> {
    return this.#held.discardAll(await this.#filter(session, id), session.userId);
  }

  async #filter(session: Session, ruleId: string): Promise<HeldFilter> {
    const brand = brandScope(session, undefined);
    const filter: HeldFilter = { ruleId, ...(brand !== undefined && { brand }) };
    const { items } = await this.#runs.listHeld(filter, { limit: 1 });
    if (items.length === 0) await visibleRule(this.#rules, session, ruleId);
    return filter;
  }
}
