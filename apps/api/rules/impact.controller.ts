import { Body, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { impactBody, type ImpactBody } from '#libs/contracts/rule.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../session/roles.ts';
import { CurrentSession } from '../session/session.guard.ts';
import type { Session } from '../session/session.ts';
import { impact, type Impact, type ImpactView } from './impact.ts';

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
