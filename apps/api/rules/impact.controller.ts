import { Body, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { impactBody, type ImpactBody } from '#libs/contracts/rule.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { impact, type Impact, type ImpactView } from './impact.service.ts';

@ManagerController('rules/:id/impact')
@Roles(['SESSION_ADMIN'])
export class ImpactController {
  readonly #impact: Impact;

  constructor(@Inject(impact) given: Impact) {
    this.#impact = given;
  }

  /** Changes nothing. */
  @Post()
  @HttpCode(200)
  async ask(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: impactBody }) body: ImpactBody,
  ): Promise<{ impact: ImpactView }> {
    return { impact: await this.#impact.of(session, id, body) };
  }
}
