import { Module } from '@nestjs/common';
import { BacktestsModule } from '../backtests/backtests.module.ts';
import { BacktestsService } from '../backtests/backtests.service.ts';
import { RuleCheck } from '../rules/rule.check.ts';
import type { RuleReader } from '../rules/rule.reader.ts';
import { RulesModule } from '../rules/rules.module.ts';
import { RulesService } from '../rules/rules.service.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { tokens } from '../tokens.ts';
import { ImpactController } from './impact.controller.ts';
import { ImpactService } from './impact.service.ts';

@Module({
  imports: [RulesModule, BacktestsModule],
  controllers: [ImpactController],
  providers: [
    {
      provide: ImpactService,
      inject: [tokens.rules, tokens.runs, RulesService, RuleCheck, BacktestsService],
      useFactory: (
        rules: RuleReader,
        runs: RunReader,
        writer: RulesService,
        check: RuleCheck,
        backtests: BacktestsService,
      ) => new ImpactService({ rules, runs, writer, check, backtests }),
    },
  ],
})
export class ImpactModule {}
