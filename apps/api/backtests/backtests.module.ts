import { Module } from '@nestjs/common';
import { Client } from '@temporalio/client';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { ApiConfig } from '../api-config.ts';
import type { RuleReader } from '../rules/rule.reader.ts';
import { RulesModule } from '../rules/rules.module.ts';
import { RulesService } from '../rules/rules.service.ts';
import { tokens } from '../tokens.ts';
import { BacktestsController } from './backtests.controller.ts';
import { BacktestsService } from './backtests.service.ts';

@Module({
  imports: [RulesModule],
  controllers: [BacktestsController],
  providers: [
    {
      provide: BacktestsService,
      inject: [Client, tokens.config, RulesService, tokens.rules, tokens.ruleVersions, tokens.audited],
      useFactory: (
        client: Client,
        config: ApiConfig,
        writer: RulesService,
        rules: RuleReader,
        versions: RuleVersions,
        audited: Audited,
      ) => new BacktestsService({ client, taskQueue: config.temporal.taskQueue, writer, rules, versions, audited }),
    },
  ],
  exports: [BacktestsService],
})
export class BacktestsModule {}
