import { Get, Inject } from '@nestjs/common';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ruleEnvironmentReader, type RuleEnvironment } from './rule-environment.ts';
import { buildRegistry, type Registry } from './registry.view.ts';

@ManagerController('registry')
export class RegistryController {
  readonly #ruleSet: RuleEnvironment;

  constructor(@Inject(ruleEnvironmentReader) ruleSet: RuleEnvironment) {
    this.#ruleSet = ruleSet;
  }

  /** What can be chosen is what the directory has now; types of events seen on Kafka are triggers, too. */
  @Get()
  async get(@CurrentSession() session: Session): Promise<Registry> {
    const [records, observed] = await Promise.all([this.#ruleSet.records(), this.#ruleSet.observedTriggers()]);
    return buildRegistry(session, records, observed);
  }
}
