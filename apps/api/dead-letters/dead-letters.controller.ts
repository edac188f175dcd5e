import { Body, Get, Headers, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  deadLettersQuery,
  resendDeadLettersBody,
  type DeadLettersQuery,
  type ResendDeadLettersBody,
} from '#libs/contracts/dead-letter.schema.ts';
import type { Actor, ResendBatch, ShownDeadLetter } from '#libs/dead-letters/dead-letter-admin.ts';
import { DeadLetterAdmin } from '#libs/dead-letters/dead-letter-admin.ts';
import type { DeadLetterSummary } from '#libs/domain/events/dead-letter.ts';
import type { Session } from '../auth/authenticate.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import {
  deadLetterAnswer,
  deadLetterReasonsAnswer,
  deadLettersAnswer,
  resendBatchAnswer,
  resentDeadLetterAnswer,
} from './dead-letter.schema.ts';

/** A session for some brands sees the letters of which one of them is known, and no other. */
@ManagerController('dead-letters', 'Dead letters')
export class DeadLettersController {
  constructor(private readonly letters: DeadLetterAdmin) {}

  @Operation({
    id: 'MngGetWorkflowDeadLetters',
    summary: 'List messages that could not be processed, newest first',
    data: deadLettersAnswer,
  })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: deadLettersQuery }) { brand: asked, reason, topic, state, cursor, limit }: DeadLettersQuery,
  ): Promise<{ dead_letters: DeadLetterSummary[]; next_cursor: string | null }> {
    const brand = brandScope(session, asked);
    const filter = {
      ...(brand !== undefined && { brand }),
      ...(reason !== undefined && { reason }),
      ...(topic !== undefined && { topic }),
      ...(state !== undefined && { state }),
    };
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await this.letters.list(toActor(session), filter, page);
    return { dead_letters: items, next_cursor: nextCursor };
  }

  @Operation({
    id: 'MngGetWorkflowDeadLetterReasons',
    summary: 'List the reasons of dead letters, each with how many can be sent again',
    data: deadLetterReasonsAnswer,
  })
  @Get('reasons')
  async reasons(
    @CurrentSession() session: Session,
  ): Promise<{ reasons: { reason: string; open: number; is_more: boolean }[] }> {
    const counts = await this.letters.countOpen(toActor(session));
    return { reasons: counts.map(({ reason, open, isMore }) => ({ reason, open, is_more: isMore })) };
  }

  @Operation({
    id: 'MngGetWorkflowDeadLetter',
    summary: 'Read a dead letter, with the beginning of its message, masked',
    data: deadLetterAnswer,
    errors: ['dead_letter_not_found'],
  })
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ dead_letter: ShownDeadLetter }> {
    return { dead_letter: await this.letters.show(toActor(session), id) };
  }

  @Operation({
    id: 'MngResendWorkflowDeadLetters',
    summary: 'Send a batch of the dead letters of a reason again, the oldest first, each once at most',
    data: resendBatchAnswer,
    errors: ['kafka_unavailable'],
  })
  @Post('resend')
  @Roles(['SESSION_ADMIN'])
  resendBatch(
    @CurrentSession() session: Session,
    @Body({ schema: resendDeadLettersBody }) { reason, cursor }: ResendDeadLettersBody,
  ): Promise<ResendBatch> {
    return this.letters.resendBatch(toActor(session), reason, cursor ?? null);
  }

  @Operation({
    id: 'MngResendWorkflowDeadLetter',
    summary: 'Send a dead letter again on the topic that it came from, as it was, once at most',
    data: resentDeadLetterAnswer,
    errors: [
      'dead_letter_not_found',
      'not_resendable',
      'dead_letter_resent',
      'resend_refused',
      'resend_unknown',
      'kafka_unavailable',
      'invalid_header',
    ],
    headers: ['Idempotency-Key'],
  })
  @Post(':id/resend')
  @Roles(['SESSION_ADMIN'])
  @UseInterceptors(EmptyBodyInterceptor)
  async resend(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Headers('Idempotency-Key') key: string | undefined,
  ): Promise<{ dead_letter: DeadLetterSummary }> {
    return { dead_letter: await this.letters.resend(toActor(session), id, idempotencyKey(key)) };
  }
}

function toActor({ userId: by, brands }: Session): Actor {
  return { by, brands };
}
