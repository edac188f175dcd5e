import { Body, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { whatIfBody, type WhatIfBody } from '#libs/contracts/what-if.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { explanations, type EventExplanations, type Explanations } from './explanations.service.ts';
import { whatIf, type WhatIf, type WhatIfAnswer } from './what-if.service.ts';

@ManagerController('what-if')
export class WhatIfController {
  readonly #whatIf: WhatIf;

  constructor(@Inject(whatIf) asked: WhatIf) {
    this.#whatIf = asked;
  }

  /** Stores and starts nothing. */
  @Post()
  @HttpCode(200)
  ask(@CurrentSession() session: Session, @Body({ schema: whatIfBody }) body: WhatIfBody): Promise<WhatIfAnswer> {
    return this.#whatIf.ask(session, body);
  }
}

@ManagerController('events')
export class ExplanationController {
  readonly #explanations: Explanations;

  constructor(@Inject(explanations) given: Explanations) {
    this.#explanations = given;
  }

  @Get(':eventId/explanation')
  get(@CurrentSession() session: Session, @Param('eventId') eventId: string): Promise<EventExplanations> {
    return this.#explanations.get(session, eventId);
  }
}
