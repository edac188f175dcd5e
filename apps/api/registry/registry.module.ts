import { Module } from '@nestjs/common';
import type { ObservedEventTypes } from '#libs/domain/context/observed-event-type.ts';
import type { Directory } from '#libs/store/directory/directory.ts';
import type { RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { tokens } from '../tokens.ts';
import { ActiveRulesCache } from './active-rules.ts';
import { createRuleEnvironment } from './rule-environment.ts';
import { RegistryController } from './registry.controller.ts';

@Module({
  controllers: [RegistryController],
  providers: [
    {
      provide: ActiveRulesCache,
      inject: [tokens.rules],
      useFactory: (rules: RuleRepository) => new ActiveRulesCache(rules),
    },
    {
      provide: tokens.ruleEnvironment,
      inject: [tokens.directory, tokens.observedEventTypes, ActiveRulesCache],
      useFactory: (directory: Directory, observed: ObservedEventTypes, active: ActiveRulesCache) =>
        createRuleEnvironment(directory, observed, active),
    },
  ],
  exports: [tokens.ruleEnvironment],
})
export class RegistryModule {}
