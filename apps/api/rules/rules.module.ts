import { Module } from '@nestjs/common';
import { FourEyes } from '#libs/store/rules/four-eyes.policy.ts';
import type { ApiKeys } from '#libs/store/access/api-key.repository.ts';
import type { RuleRepository } from '#libs/store/rules/rule.repository.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { ApiConfig } from '../api-config.ts';
import { ComputePool } from '../compute/compute.pool.ts';
import { RegistryModule } from '../registry/registry.module.ts';
import type { RuleEnvironment } from '../registry/rule-environment.ts';
import { tokens } from '../tokens.ts';
import { RuleCheck } from './rule.check.ts';
import { RuleActivityController } from './rule-activity.controller.ts';
import {
  RuleSetWarningsController,
  RuleValidationController,
  RuleWarningsController,
} from './rule-validation.controller.ts';
import { RuleVersionsController } from './rule-versions.controller.ts';
import { RuleWritesController } from './rule-writes.controller.ts';
import { RulesController } from './rules.controller.ts';
import { RulesService } from './rules.service.ts';

@Module({
  imports: [RegistryModule],
  controllers: [
    RuleValidationController,
    RuleWarningsController,
    RuleSetWarningsController,
    RuleActivityController,
    RulesController,
    RuleWritesController,
    RuleVersionsController,
  ],
  providers: [
    {
      provide: RuleCheck,
      inject: [tokens.ruleEnvironment, ComputePool],
      useFactory: (environment: RuleEnvironment, compute: ComputePool) => new RuleCheck(environment, compute),
    },
    {
      provide: FourEyes,
      inject: [tokens.ruleVersions, tokens.apiKeys, tokens.config],
      useFactory: (versions: RuleVersions, keys: ApiKeys, config: ApiConfig) =>
        new FourEyes({ versions, findApiKey: (id) => keys.get(id), isNeeded: config.rules.fourEyes }),
    },
    {
      provide: RulesService,
      inject: [tokens.rules, tokens.ruleVersions, RuleCheck, FourEyes],
      useFactory: (rules: RuleRepository, versions: RuleVersions, check: RuleCheck, fourEyes: FourEyes) =>
        new RulesService({ rules, versions, check, fourEyes }),
    },
  ],
  exports: [RuleCheck, RulesService],
})
export class RulesModule {}
