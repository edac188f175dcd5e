/** Dead letters: looked at, and sent again. */
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { DeadLetterAdmin } from '#libs/dead-letters/dead-letter-admin.ts';
import { OriginTopics } from '#libs/dead-letters/origin-topics.ts';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { DeadLetterStore } from '#libs/domain/events/dead-letter.ts';
import { createKafka } from '#libs/kafka/client.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { ApiConfig } from '../api-config.ts';
import { tokens } from '../tokens.ts';
import { DeadLettersController } from './dead-letters.controller.ts';

@Module({
  controllers: [DeadLettersController],
  providers: [
    {
      provide: OriginTopics,
      inject: [tokens.config, tokens.log],
      // Connects with the first letter: an API that sends none again needs no Kafka.
      useFactory: ({ kafka }: ApiConfig, log: Logger) => new OriginTopics(createKafka(kafka, log), kafka),
    },
    {
      provide: DeadLetterAdmin,
      inject: [tokens.deadLetters, OriginTopics, tokens.audited],
      useFactory: (letters: DeadLetterStore, origins: OriginTopics, audited: Audited) =>
        new DeadLetterAdmin({ letters, origins, audited }),
    },
  ],
})
export class DeadLettersModule implements OnApplicationShutdown {
  constructor(private readonly origins: OriginTopics) {}

  onApplicationShutdown(): Promise<void> {
    return this.origins.close();
  }
}
