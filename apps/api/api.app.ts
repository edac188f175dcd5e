/** The API process: its modules, its port, and what stands in front of them. */
import type { INestApplication } from '@nestjs/common';
import { createNestApp } from '#libs/bootstrap/nest-app.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import type { ApiConfig } from './api-config.ts';
import { ApiModule } from './api.module.ts';
import { SessionGate } from './auth/session.gate.ts';
import { ApiAdapter } from './http/api.adapter.ts';
import { ErrorsFilter } from './http/errors.filter.ts';
import { StrangerConnections } from './http/stranger.connections.ts';
import { openApiDocument } from './openapi/document.ts';
import { serveReference } from './openapi/reference.ts';

/**
 * Resolves when it listens, also while the store or Temporal is away: what needs them gets 503 and readiness says why.
 * `close` ends what is under way and gives the connections back.
 */
export async function startApi(context: AppContext<ApiConfig>): Promise<INestApplication> {
  const { config, log } = context;
  const strangers = new StrangerConnections(config.API_CONNECTIONS_WITHOUT_SESSION);
  const times = { headersMs: config.API_HEADERS_MS, requestMs: config.API_REQUEST_MS };
  const app = await createNestApp(
    { imports: [ApiModule.register(context, strangers)] },
    log,
    { bodyParser: false },
    new ApiAdapter(times, strangers),
  );
  const gate = app.get(SessionGate);
  app.use(gate.middleware);
  // A body is JSON, whatever it says it is: a form is then an issue instead of nothing at all.
  app.useBodyParser('json', { limit: config.API_MAX_BODY_BYTES, type: gate.mayBeRead });
  app.useGlobalFilters(new ErrorsFilter(log, config.API_NOT_FOUND_MS));
  serveReference(app, openApiDocument(app));
  await app.listen(config.API_PORT, config.BIND_ADDRESS);
  // The processes that write make the indexes too: where the store is away now, they will.
  app
    .get(StoreAccess)
    .prepare()
    .catch((error: unknown) => log.warn({ err: error }, 'indexes could not be made'));
  return app;
}
