/** The API process: its modules, its port, and what stands in front of them. */
import type { INestApplication } from '@nestjs/common';
import { createNestApp } from '#libs/bootstrap/nest-app.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import type { ApiConfig } from './api-config.ts';
import { ApiModule } from './api.module.ts';
import { asyncApiDocument } from './asyncapi/document.ts';
import { serveTopics } from './asyncapi/serve.ts';
import { SessionGate } from './auth/session.gate.ts';
import type { OidcIssuer } from './auth/oidc-issuer.ts';
import { serveConsole } from './console/serve.ts';
import { consoleSignIn } from './console/sign-in.ts';
import { ApiAdapter } from './http/api.adapter.ts';
import { ErrorsFilter } from './http/errors.filter.ts';
import { HookDoor } from './hooks/hook.door.ts';
import { StrangerConnections } from './http/stranger.connections.ts';
import { openApiDocument } from './openapi/document.ts';
import { serveReference } from './openapi/reference.ts';
import { tokens } from './tokens.ts';

/**
 * Resolves when it listens, also while the store or Temporal is away: what needs them gets 503 and readiness says why.
 * `close` ends what is under way and gives the connections back.
 */
export async function startApi(context: AppContext<ApiConfig>): Promise<INestApplication> {
  const { config, log } = context;
  const strangers = new StrangerConnections(config.api.connectionsWithoutSession);
  const app = await createNestApp(
    { imports: [ApiModule.register(context, strangers)] },
    log,
    { bodyParser: false },
    new ApiAdapter(config.api, strangers),
  );
  app.use(config.hooks.path, app.get(HookDoor).handle);
  const gate = app.get(SessionGate);
  app.use(gate.middleware);
  // A body is JSON, whatever it says it is: a form is then an issue instead of nothing at all.
  app.useBodyParser('json', { limit: config.api.maxBodyBytes, type: gate.mayBeRead });
  app.useGlobalFilters(new ErrorsFilter(log, config.api.notFoundMs));
  serveConsole(app, consoleSignIn(app.get<OidcIssuer | null>(tokens.oidcIssuer), config.console));
  serveTopics(app, asyncApiDocument());
  serveReference(app, openApiDocument(app));
  await app.listen(config.api.port, config.process.bindAddress);
  // The processes that write make the indexes too: where the store is away now, they will.
  app
    .get(StoreAccess)
    .prepare()
    .catch((error: unknown) => log.warn({ err: error }, 'indexes could not be made'));
  return app;
}
