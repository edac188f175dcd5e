/** Who asks, and how often they may. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { ApiKeys } from '#libs/store/access/api-key.repository.ts';
import type { ApiConfig } from '../api-config.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { StrangerConnections } from '../http/stranger.connections.ts';
import { tokens } from '../tokens.ts';
import { sessionVerifier } from './authenticate.ts';
import { OidcIssuer } from './oidc-issuer.ts';
import { RateLimit } from './rate-limiter.ts';
import { SessionGate, type RequestLimits } from './session.gate.ts';

@Global()
@Module({})
export class AuthModule {
  /** @param strangers connections of those who have not shown a session yet, which the HTTP server counts, too */
  static register(strangers: StrangerConnections): DynamicModule {
    const issuer = {
      provide: tokens.oidcIssuer,
      inject: [tokens.config, tokens.log],
      useFactory: ({ console: { oidcIssuer } }: ApiConfig, log: Logger) =>
        oidcIssuer === undefined ? null : new OidcIssuer(oidcIssuer, log),
    };
    const gate = {
      provide: SessionGate,
      inject: [tokens.apiKeys, tokens.config, tokens.oidcIssuer],
      useFactory: (keys: ApiKeys, config: ApiConfig, oidc: OidcIssuer | null) =>
        new SessionGate(
          sessionVerifier({ ...config.session, oidc }, (id) => keys.get(id)),
          readLimits(config.api),
          strangers,
        ),
    };
    return { module: AuthModule, providers: [issuer, gate], exports: [SessionGate, tokens.oidcIssuer] };
  }
}

function readLimits(api: ApiConfig['api']): RequestLimits {
  return {
    failures: new RateLimit(api.authFailuresPerMinute),
    writes: new RateLimit(api.writesPerMinute),
    bytes: new RateLimit(api.bodyBytesPerMinute),
    maxBytes: api.maxBodyBytes,
  };
}
