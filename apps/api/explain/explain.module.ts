import { Module } from '@nestjs/common';
import type { Directory } from '#libs/store/directory/directory.ts';
import type { EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { ApiConfig } from '../api-config.ts';
import { ComputePool } from '../compute/compute.pool.ts';
import { RegistryModule } from '../registry/registry.module.ts';
import type { RuleEnvironment } from '../registry/rule-environment.ts';
import type { RuleReader } from '../rules/rule.reader.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { tokens } from '../tokens.ts';
import { ExplanationController, WhatIfController } from './explain.controllers.ts';
import { ExplanationsService } from './explanations.service.ts';
import { WhatIfService } from './what-if.service.ts';

@Module({
  imports: [RegistryModule],
  controllers: [WhatIfController, ExplanationController],
  providers: [
    {
      provide: WhatIfService,
      inject: [
        tokens.rules,
        tokens.directory,
        tokens.ruleEnvironment,
        tokens.config,
        tokens.evaluatedEvents,
        ComputePool,
      ],
      useFactory: (
        rules: RuleReader,
        directory: Directory,
        ruleSet: RuleEnvironment,
        config: ApiConfig,
        events: EvaluatedEvents,
        compute: ComputePool,
      ) => new WhatIfService({ rules, directory, ruleSet, limits: config.events, events, compute }),
    },
    {
      provide: ExplanationsService,
      inject: [tokens.evaluatedEvents, tokens.ruleVersions, tokens.runs, ComputePool],
      useFactory: (events: EvaluatedEvents, versions: RuleVersions, runs: RunReader, compute: ComputePool) =>
        new ExplanationsService({ events, versions, runs, compute }),
    },
  ],
})
export class ExplainModule {}
