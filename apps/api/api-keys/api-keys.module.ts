import { Module } from '@nestjs/common';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { ApiKeys } from '#libs/store/access/api-key.repository.ts';
import { tokens } from '../tokens.ts';
import { ApiKeysController } from './api-keys.controller.ts';
import { ApiKeysService } from './api-keys.service.ts';

@Module({
  controllers: [ApiKeysController],
  providers: [
    {
      provide: ApiKeysService,
      inject: [tokens.apiKeys, tokens.audited],
      useFactory: (keys: ApiKeys, audited: Audited) => new ApiKeysService({ keys, audited }),
    },
  ],
})
export class ApiKeysModule {}
