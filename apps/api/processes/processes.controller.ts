import { Get, Inject } from '@nestjs/common';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import type { Process, Processes } from '#libs/domain/hooks/processes.ts';
import type { Session } from '../auth/authenticate.ts';
import { mayShare } from '../auth/brand-scope.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { tokens } from '../tokens.ts';
import { processesAnswer, type ProcessView } from './process.schema.ts';

@ManagerController('processes', 'Incoming webhooks')
export class ProcessesController {
  constructor(@Inject(tokens.processes) private readonly processes: Processes) {}

  @Operation({
    id: 'MngGetWorkflowProcesses',
    summary: 'List what incoming webhooks may start, with the numbers and ids they name it by',
    data: processesAnswer,
  })
  @Get()
  async list(@CurrentSession() session: Session): Promise<{ processes: ProcessView[] }> {
    const all = await this.processes.list();
    return { processes: all.filter(({ rule }) => mayShare(session, rule.brand)).map(processView) };
  }
}

function processView({ number, rule: { id, brand, status, process } }: Process): ProcessView {
  return { number, process_id: encodeId('Process', number), rule_id: id, brand, status, process };
}
