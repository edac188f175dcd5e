/** The API process: its dependencies, its modules, its port. */
import type { INestApplication } from '@nestjs/common';
import type { Config } from '#libs/config/config.ts';
import { createRuleRepository } from '#libs/store/rule.repository.ts';
import { createRunRecords } from '#libs/store/run-record.repository.ts';
import { StoreAccess } from '#libs/store/store-access.ts';
import { createNestApp } from '#libs/telemetry/nest-app.ts';
import { OperationsModule } from '#libs/telemetry/operations.ts';
import type { AppContext } from '#libs/telemetry/run-app.ts';
import { openTemporal, temporalCheck } from '#temporal/client/temporal-access.ts';
import { ErrorsFilter } from './http/errors.filter.ts';
import { ruleReader, RulesController, type RuleReader } from './rules/rules.controller.ts';
import { runReader, RunsController, type RunReader } from './runs/runs.controller.ts';
import { verifySession } from './session/session.guard.ts';
import { sessionVerifier } from './session/session.ts';

export type ApiConfig = Pick<
  Config,
  | 'MONGODB_URI'
  | 'TEMPORAL_ADDRESS'
  | 'TEMPORAL_NAMESPACE'
  | 'TEMPORAL_TLS'
  | 'TEMPORAL_API_KEY'
  | 'API_PORT'
  | 'BIND_ADDRESS'
  | 'LOG_LEVEL'
  | 'SHUTDOWN_GRACE_MS'
> & {
  SESSION_SECRET: string;
};

/** Rules and answers are small; what is larger is a mistake, and is not read. */
const largestBodyBytes = 262_144;

/**
 * Resolves when it listens, also while the store or Temporal is away: what needs them gets 503 and readiness says why.
 * `close` ends what is under way and gives the connections back.
 */
export async function startApi({ config, log, registry, stopping }: AppContext<ApiConfig>): Promise<INestApplication> {
  const store = new StoreAccess(config.MONGODB_URI, log);
  const temporal = openTemporal(config);
  const rules = store.repository(createRuleRepository);
  const runs = store.repository(createRunRecords);
  const ruleReads: RuleReader = { get: (id) => rules.get(id), list: (filter, page) => rules.list(filter, page) };
  const runReads: RunReader = { get: (id) => runs.get(id), list: (filter, page) => runs.list(filter, page) };
  const app = await createNestApp(
    {
      imports: [
        OperationsModule.register({
          checks: [store, temporalCheck(temporal, config.TEMPORAL_NAMESPACE)],
          registry,
          log,
          stopping,
        }),
      ],
      controllers: [RulesController, RunsController],
      providers: [
        { provide: ruleReader, useValue: ruleReads },
        { provide: runReader, useValue: runReads },
        { provide: verifySession, useValue: sessionVerifier(config.SESSION_SECRET) },
        { provide: 'connections', useValue: { onApplicationShutdown: () => closeAll(store, temporal) } },
      ],
    },
    log,
    { bodyParser: false },
  );
  // A body is JSON, whatever it says it is: a form is then a mistake instead of nothing at all.
  app.useBodyParser('json', { limit: largestBodyBytes, type: () => true });
  app.useGlobalFilters(new ErrorsFilter(log));
  await app.listen(config.API_PORT, config.BIND_ADDRESS);
  // The processes that write make the indexes too: where the store is away now, they will.
  store.prepare().catch((error: unknown) => log.warn({ err: error }, 'indexes could not be made'));
  return app;
}

async function closeAll(...connections: { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(connections.map((connection) => connection.close()));
}
