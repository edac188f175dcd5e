/** Incoming webhook applications. */
import { Module } from '@nestjs/common';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { UserReader } from '#libs/domain/directory/directory-user.ts';
import { ApplicationAdmin, hookAddress } from '#libs/hooks/application-admin.ts';
import type { WebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import type { ApiConfig } from '../api-config.ts';
import { tokens } from '../tokens.ts';
import { ApplicationsController } from './applications.controller.ts';
import { ApplicationsService } from './applications.service.ts';

@Module({
  controllers: [ApplicationsController],
  providers: [
    {
      provide: ApplicationsService,
      inject: [tokens.webhookApplications, tokens.users, tokens.audited, tokens.config],
      useFactory: (
        applications: WebhookApplications,
        users: UserReader,
        audited: Audited,
        { hooks }: ApiConfig,
      ): ApplicationsService => {
        const address = hookAddress(hooks.baseUrl, hooks.path);
        return new ApplicationsService(new ApplicationAdmin({ applications, users, audited, address }));
      },
    },
  ],
})
export class HooksModule {}
