import { Get, Inject } from '@nestjs/common';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../session/session.guard.ts';
import type { Session } from '../session/session.ts';
import { companyReader, visibleOf, type CompanyReader } from './company.reader.ts';
import { registryOf, type Registry } from './registry.view.ts';

@ManagerController('registry')
export class RegistryController {
  readonly #company: CompanyReader;

  constructor(@Inject(companyReader) company: CompanyReader) {
    this.#company = company;
  }

  /** Values of status fields are those of the statuses table now; types of events seen on Kafka are triggers, too. */
  @Get()
  async get(@CurrentSession() session: Session): Promise<Registry> {
    const [statuses, observed] = await Promise.all([this.#company.statuses(), this.#company.observedTriggers()]);
    return registryOf(visibleOf(session, statuses), observed);
  }
}
