import { Body, Get, Param, Post } from '@nestjs/common';
import { whatIfBody, type WhatIfBody } from '#libs/contracts/what-if.schema.ts';
import { ruleErrors } from '../http/error-catalog.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { explanationsAnswer, whatIfAnswer, type EventExplanations, type WhatIfAnswer } from './explanation.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ExplanationsService } from './explanations.service.ts';
import { WhatIfService } from './what-if.service.ts';

@ManagerController('what-if', 'What-if')
export class WhatIfController {
  constructor(private readonly whatIf: WhatIfService) {}

  /** Stores and starts nothing. */
  @Operation({
    id: 'MngAskWorkflowWhatIf',
    summary: 'Ask what the rules, and one that is not stored, would do about an event; nothing is done',
    data: whatIfAnswer,
    errors: ['invalid_event', 'event_not_kept', ...ruleErrors.read],
  })
  @Post()
  ask(@CurrentSession() session: Session, @Body({ schema: whatIfBody }) body: WhatIfBody): Promise<WhatIfAnswer> {
    return this.whatIf.ask(session, body);
  }
}

@ManagerController('events', 'What-if')
export class ExplanationController {
  constructor(private readonly explanations: ExplanationsService) {}

  @Operation({
    id: 'MngExplainWorkflowEvent',
    summary: 'Ask why each rule did or did not run for an event, by the rules of then',
    data: explanationsAnswer,
    errors: ['event_not_kept', 'too_costly'],
  })
  @Get(':eventId/explanation')
  get(@CurrentSession() session: Session, @Param('eventId') eventId: string): Promise<EventExplanations> {
    return this.explanations.get(session, eventId);
  }
}
