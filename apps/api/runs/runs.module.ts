/** Runs: their log, and what operators and approvers may do to them. */
import { Module } from '@nestjs/common';
import { Client } from '@temporalio/client';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { RunDataStore } from '#libs/domain/context/run-data.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { RunNumbers } from '#libs/domain/runs/run-numbers.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import { createHeldRunStore } from '#libs/store/runs/held-run.repository.ts';
import { createRetryStore, type RetryStore } from '#libs/store/runs/retry.repository.ts';
import type { RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createHeldRuns } from '#temporal/client/held-runs.ts';
import { createRunControl, type RunControlPorts } from '#temporal/client/run-control.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import type { ApiConfig } from '../api-config.ts';
import { HeldRunController, HeldRunsOfRuleController } from './held-runs.controller.ts';
import { tokens } from '../tokens.ts';
import { RunControlController } from './run-control.controller.ts';
import { RunDataController, RunFileController } from './run-data.controller.ts';
import { RunDataService } from './run-data.service.ts';
import { RunInputController } from './run-input.controller.ts';
import { RunProgressService } from './run-progress.service.ts';
import { RunsController } from './runs.controller.ts';

type Shared = Pick<RunControlPorts, 'records' | 'starter' | 'failRun' | 'audited'>;

@Module({
  controllers: [
    RunsController,
    RunControlController,
    RunInputController,
    RunDataController,
    RunFileController,
    HeldRunController,
    HeldRunsOfRuleController,
  ],
  providers: [
    {
      provide: RunProgressService,
      inject: [Client, tokens.config],
      useFactory: ({ workflow }: Client, config: ApiConfig) =>
        new RunProgressService(workflow, config.temporal.uiUrl, config.temporal.namespace),
    },
    {
      provide: tokens.runInputs,
      inject: [StoreAccess],
      useFactory: (store: StoreAccess) => store.repository(createRetryStore),
    },
    {
      provide: RunDataService,
      inject: [tokens.runInputs, tokens.runData, tokens.ruleVersions, tokens.files],
      useFactory: (inputs: RetryStore, changes: RunDataStore, versions: RuleVersions, files: FileStore) =>
        new RunDataService({ inputs, changes, versions, files }),
    },
    {
      provide: tokens.runControlPorts,
      inject: [Client, StoreAccess, tokens.runs, tokens.audited, tokens.config],
      useFactory: (
        { workflow }: Client,
        store: StoreAccess,
        records: RunRecords,
        audited: Audited,
        config: ApiConfig,
      ): Shared => {
        const recorder = store.repository(createRunRecorder);
        return {
          records,
          starter: createRunStarter(workflow, config.temporal.taskQueue),
          failRun: (runId, patch) => recorder.write(runId, patch),
          audited,
        };
      },
    },
    {
      provide: tokens.heldRuns,
      inject: [tokens.runControlPorts, StoreAccess, tokens.runs],
      useFactory: (shared: Shared, store: StoreAccess, records: RunRecords) =>
        createHeldRuns({ ...shared, store: store.repository(createHeldRunStore), records }),
    },
    {
      provide: tokens.runControl,
      inject: [
        tokens.runControlPorts,
        Client,
        tokens.runInputs,
        tokens.runNumbers,
        tokens.approvals,
        tokens.personNames,
        tokens.config,
      ],
      useFactory: (
        shared: Shared,
        { workflow: client }: Client,
        retries: RetryStore,
        numbers: RunNumbers,
        approvals: ApprovalRepository,
        names: PersonNames,
        config: ApiConfig,
      ) =>
        createRunControl({
          ...shared,
          client,
          approvals,
          retries,
          numbers,
          namesOf: (userId, keys) => names.namesOf(userId, keys),
          commandTimeoutMs: config.commands.timeoutMs,
        }),
    },
  ],
  exports: [tokens.runControl, tokens.runControlPorts],
})
export class RunsModule {}
