import { Get, Inject, Param } from '@nestjs/common';
import { maskValue } from '#libs/domain/masking/masking.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import type { RetryStore } from '#libs/store/runs/retry.repository.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { tokens } from '../tokens.ts';
import { runInputAnswer, type RunInputView } from './run-input.schema.ts';
import { visibleRun, type RunReader } from './run.reader.ts';

@ManagerController('runs/:id/input', 'Runs')
export class RunInputController {
  constructor(
    @Inject(tokens.runs) private readonly runs: RunReader,
    @Inject(tokens.runInputs) private readonly inputs: Pick<RetryStore, 'inputOf'>,
  ) {}

  @Operation({
    id: 'MngGetWorkflowRunInput',
    summary: 'Read what a run was started with: its event, and its actions with their parameters',
    data: runInputAnswer,
    errors: ['run_not_found'],
  })
  @Get()
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ input: RunInputView | null }> {
    const input = await this.inputs.inputOf(await visibleRun(this.runs, session, id));
    return { input: input && toView(input) };
  }
}

/** Not what the directory held of the customer: that may be more than the event has told. */
function toView({ event: { id, trigger, occurredAt }, context, rule }: RunInput): RunInputView {
  return {
    event: { id, trigger, occurred_at: occurredAt, data: maskValue(context.event) },
    actions: rule.actions.map(({ type, params }) => ({ type, params: maskValue(params) })),
  };
}
