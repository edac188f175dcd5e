import { Body, Headers, Inject, Param, Post } from '@nestjs/common';
import { operatorBody, type OperatorBody } from '#libs/contracts/approval.schema.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { runErrors } from '../http/error-catalog.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { controlledRunAnswer } from './run.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { toPerson } from '../auth/to-actor.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { visibleRun, type RunReader } from './run.reader.ts';

/** What an operator may do to a run. Each answers with the id of the run that goes on, once that has taken the command. */
@ManagerController('runs/:id', 'Runs')
@Roles(['SESSION_ADMIN'])
export class RunControlController {
  constructor(
    @Inject(tokens.runs) private readonly runs: RunReader,
    @Inject(tokens.runControl) private readonly control: RunControl,
  ) {}

  /** Before its next action. */
  @Operation({
    id: 'MngPauseWorkflowRun',
    summary: 'Pause a run before its next action',
    data: controlledRunAnswer,
    errors: runErrors,
    headers: ['Idempotency-Key'],
  })
  @Post('pause')
  pause(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<{ run_id: string }> {
    return this.#send('pause', session, id, body, key);
  }

  @Operation({
    id: 'MngResumeWorkflowRun',
    summary: 'Let a run go on that an operator has paused',
    data: controlledRunAnswer,
    errors: runErrors,
    headers: ['Idempotency-Key'],
  })
  @Post('resume')
  resume(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<{ run_id: string }> {
    return this.#send('resume', session, id, body, key);
  }

  /** What is under way is finished; the run then ends as failed, with `Cancelled`. */
  @Operation({
    id: 'MngCancelWorkflowRun',
    summary: 'End a run after the action that is under way; it fails with `Cancelled`',
    data: controlledRunAnswer,
    errors: runErrors,
    headers: ['Idempotency-Key'],
  })
  @Post('cancel')
  cancel(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<{ run_id: string }> {
    return this.#send('cancel', session, id, body, key);
  }

  /** Goes on with a failed run at the action that failed, as a run of its own: the answer names that one. */
  @Operation({
    id: 'MngRetryWorkflowRun',
    summary: 'Go on with a failed run at the action that failed, as a run of its own, which the answer names',
    data: controlledRunAnswer,
    errors: runErrors,
    headers: ['Idempotency-Key'],
  })
  @Post('retry')
  retry(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<{ run_id: string }> {
    return this.#send('retry', session, id, body, key);
  }

  async #send(
    command: 'pause' | 'resume' | 'cancel' | 'retry',
    session: Session,
    id: string,
    { reason }: OperatorBody,
    given: string | undefined,
  ): Promise<{ run_id: string }> {
    const key = idempotencyKey(given);
    await visibleRun(this.runs, session, id);
    const next = await this.control[command](id, toPerson(session), reason ?? null, key);
    return { run_id: next ?? id };
  }
}
