/** Incoming webhooks: applications, and the door through which they execute operations. */
import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { RunDataStore } from '#libs/domain/context/run-data.ts';
import type { UserReader } from '#libs/domain/directory/directory-user.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import type { Processes } from '#libs/domain/hooks/processes.ts';
import { ApplicationAdmin } from '#libs/hooks/application-admin.ts';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { WebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { RunRecords } from '#libs/store/runs/run-log.repository.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import type { ApiConfig } from '../api-config.ts';
import { RateLimit } from '../auth/rate-limiter.ts';
import type { StrangerConnections } from '../http/stranger.connections.ts';
import { ProcessesModule } from '../processes/processes.module.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { tokens } from '../tokens.ts';
import { ApplicationsController } from './applications.controller.ts';
import { ApplicationsService } from './applications.service.ts';
import { BodyReader } from './body.reader.ts';
import { HookDoor } from './hook.door.ts';
import { createHookExecutor, type ExecuteHook } from './hook.executor.ts';
import { RequestFiles } from './request-files.ts';
import type { HookPorts } from './ports.ts';
import { UsersController } from './users.controller.ts';

const executor = Symbol('hook executor');

const parts: FactoryProvider[] = [
  {
    provide: RequestFiles,
    inject: [tokens.files, tokens.config, tokens.log],
    useFactory: (files: FileStore, { hooks }: ApiConfig, log: Logger) => new RequestFiles(files, hooks, log),
  },
  {
    provide: executor,
    inject: [
      tokens.users,
      tokens.processes,
      tokens.startRequest,
      tokens.runs,
      tokens.approvals,
      tokens.ruleVersions,
      tokens.runControl,
      tokens.runData,
      RequestFiles,
      tokens.personNames,
      tokens.audited,
      tokens.config,
    ],
    useFactory: (
      users: UserReader,
      processes: Processes,
      startRequest: HookPorts['startRequest'],
      requests: RunRecords,
      approvals: ApprovalRepository,
      versions: RuleVersions,
      control: RunControl,
      data: RunDataStore,
      parameters: RequestFiles,
      names: PersonNames,
      audited: Audited,
      { hooks }: ApiConfig,
    ): ExecuteHook =>
      createHookExecutor({
        users,
        processes,
        startRequest,
        requests,
        approvals,
        versions,
        control,
        data,
        parameters,
        namesOf: (userId, keys) => names.namesOf(userId, keys),
        audited,
        settings: { defaultUsername: hooks.defaultUsername },
      }),
  },
  {
    provide: ApplicationsService,
    inject: [tokens.webhookApplications, tokens.users, tokens.audited],
    useFactory: (applications: WebhookApplications, users: UserReader, audited: Audited) =>
      new ApplicationsService(new ApplicationAdmin({ applications, users, audited })),
  },
];

@Module({})
export class HooksModule {
  /** @param strangers connections of those who have not shown a session yet, or a token */
  static register(strangers: StrangerConnections): DynamicModule {
    const door: FactoryProvider = {
      provide: HookDoor,
      inject: [tokens.webhookApplications, executor, tokens.config, tokens.log],
      useFactory: (
        applications: WebhookApplications,
        execute: ExecuteHook,
        { hooks, api }: ApiConfig,
        log: Logger,
      ): HookDoor =>
        new HookDoor({
          applications,
          execute,
          bodies: new BodyReader(hooks),
          strangers,
          failures: new RateLimit(api.authFailuresPerMinute),
          writes: new RateLimit(api.writesPerMinute),
          notFoundMs: api.notFoundMs,
          log,
        }),
    };
    return {
      module: HooksModule,
      imports: [RunsModule, ProcessesModule],
      controllers: [ApplicationsController, UsersController],
      providers: [...parts, door],
      exports: [HookDoor],
    };
  }
}
