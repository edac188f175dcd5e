import { Body, Param, Post } from '@nestjs/common';
import { impactBody, type ImpactBody } from '#libs/contracts/rule.schema.ts';
import { ruleErrors } from '../http/error-catalog.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { impactAnswer, type ImpactView } from './impact.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ImpactService } from './impact.service.ts';

@ManagerController('rules/:id/impact', 'What-if')
@Roles(['SESSION_ADMIN'])
export class ImpactController {
  constructor(private readonly impact: ImpactService) {}

  /** Changes nothing. */
  @Operation({
    id: 'MngAskWorkflowRuleImpact',
    summary: 'Ask what activating a rule, or a draft of it, would mean; with `days`, a backtest is started, too',
    data: impactAnswer,
    errors: ['rule_not_found', ...ruleErrors.read, 'temporal_unavailable'],
  })
  @Post()
  async ask(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: impactBody }) body: ImpactBody,
  ): Promise<{ impact: ImpactView }> {
    return { impact: await this.impact.of(session, id, body) };
  }
}
