import { Get, Inject } from '@nestjs/common';
import { Operation } from '../openapi/operation.decorator.ts';
import { registryAnswer, type Registry } from './registry.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import type { RuleEnvironment } from './rule-environment.ts';
import { buildRegistry } from './registry.view.ts';

@ManagerController('registry', 'Registry')
export class RegistryController {
  constructor(@Inject(tokens.ruleEnvironment) private readonly environment: RuleEnvironment) {}

  /** What can be chosen is what the directory has now; types of events seen on Kafka are triggers, too. */
  @Operation({
    id: 'MngGetWorkflowRegistry',
    summary: 'Triggers, fields, operators and actions that rules may consist of',
    data: registryAnswer,
  })
  @Get()
  async get(@CurrentSession() session: Session): Promise<Registry> {
    const [records, observed] = await Promise.all([this.environment.records(), this.environment.observedTriggers()]);
    return buildRegistry(session, records, observed);
  }
}
