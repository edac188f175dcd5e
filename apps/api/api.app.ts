/** The API process: its dependencies, its modules, its port. */
import type { INestApplication } from '@nestjs/common';
import type { Config } from '#libs/config/config.ts';
import { connectStore, pingStore } from '#libs/store/connect.ts';
import { ensureIndexes } from '#libs/store/ensure-indexes.ts';
import { createRuleRepository } from '#libs/store/rule.repository.ts';
import { createRunRecords } from '#libs/store/run-record.repository.ts';
import { createNestApp } from '#libs/telemetry/nest-app.ts';
import { OperationsModule } from '#libs/telemetry/operations.ts';
import type { AppContext } from '#libs/telemetry/run-app.ts';
import { ErrorsFilter } from './http/errors.filter.ts';
import { ruleReader, RulesController } from './rules/rules.controller.ts';
import { runReader, RunsController } from './runs/runs.controller.ts';
import { verifySession } from './session/session.guard.ts';
import { sessionVerifier } from './session/session.ts';

export type ApiConfig = Pick<
  Config,
  'MONGODB_URI' | 'API_PORT' | 'BIND_ADDRESS' | 'LOG_LEVEL' | 'SHUTDOWN_GRACE_MS'
> & {
  SESSION_SECRET: string;
};

/** Resolves when it listens. `close` ends what is under way and gives the store connection back. */
export async function startApi({ config, log, registry, stopping }: AppContext<ApiConfig>): Promise<INestApplication> {
  const store = await connectStore(config.MONGODB_URI, { log });
  const closeStore = { provide: 'store', useValue: { onApplicationShutdown: () => store.close() } };
  try {
    await ensureIndexes(store);
    const app = await createNestApp(
      {
        imports: [
          OperationsModule.register({
            checks: [{ name: 'store', check: (signal) => pingStore(store, signal) }],
            registry,
            log,
            stopping,
          }),
        ],
        controllers: [RulesController, RunsController],
        providers: [
          { provide: ruleReader, useValue: createRuleRepository(store) },
          { provide: runReader, useValue: createRunRecords(store) },
          { provide: verifySession, useValue: sessionVerifier(config.SESSION_SECRET) },
          closeStore,
        ],
      },
      log,
    );
    app.useGlobalFilters(new ErrorsFilter(log));
    await app.listen(config.API_PORT, config.BIND_ADDRESS);
    return app;
  } catch (error) {
    await store.close();
    throw error;
  }
}
