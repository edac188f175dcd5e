import { Body, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { operatorBody, type OperatorBody } from '#libs/contracts/approval.schema.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { toPerson } from '../auth/to-actor.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { runReader, type RunReader, visibleRun } from './run.reader.ts';

export const runControl = Symbol('runControl');

/** What an operator may do to a run. Each answers with the id of the run that goes on, once that has taken the command. */
@ManagerController('runs/:id')
@Roles(['SESSION_ADMIN'])
export class RunControlController {
  readonly #runs: RunReader;
  readonly #control: RunControl;

  constructor(@Inject(runReader) runs: RunReader, @Inject(runControl) control: RunControl) {
    this.#runs = runs;
    this.#control = control;
  }

  /** Before its next action. */
  @Post('pause')
  @HttpCode(200)
  pause(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ run_id: string }> {
    return this.#send('pause', session, id, body, key);
  }

  @Post('resume')
  @HttpCode(200)
  resume(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ run_id: string }> {
    return this.#send('resume', session, id, body, key);
  }

  /** What is under way is finished; the run then ends as failed, with `Cancelled`. */
  @Post('cancel')
  @HttpCode(200)
  cancel(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ run_id: string }> {
    return this.#send('cancel', session, id, body, key);
  }

  /** Goes on with a failed run at the action that failed, as a run of its own: the answer names that one. */
  @Post('retry')
  @HttpCode(200)
  retry(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: operatorBody }) body: OperatorBody,
    @Headers('idempotency-key') key?: string,
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
    await visibleRun(this.#runs, session, id);
    const next = await this.#control[command](id, toPerson(session), reason ?? null, key);
    return { run_id: next ?? id };
  }
}
