/** Who asks, and how often they may. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { ApiKeys } from '#libs/store/access/api-key.repository.ts';
import type { ApiConfig } from '../api-config.ts';
import type { StrangerConnections } from '../http/stranger.connections.ts';
import { tokens } from '../tokens.ts';
import { sessionVerifier, type SessionSettings } from './authenticate.ts';
import { RateLimit } from './rate-limiter.ts';
import { SessionGate, type RequestLimits } from './session.gate.ts';

@Global()
@Module({})
export class AuthModule {
  /** @param strangers connections of those who have not shown a session yet, which the HTTP server counts, too */
  static register(strangers: StrangerConnections): DynamicModule {
    const gate = {
      provide: SessionGate,
      inject: [tokens.apiKeys, tokens.config],
      useFactory: (keys: ApiKeys, config: ApiConfig) =>
        new SessionGate(
          sessionVerifier(sessionSettings(config), (id) => keys.get(id)),
          readLimits(config),
          strangers,
        ),
    };
    return { module: AuthModule, providers: [gate], exports: [SessionGate] };
  }
}

function readLimits(config: ApiConfig): RequestLimits {
  return {
    failures: new RateLimit(config.AUTH_FAILURES_PER_MINUTE),
    writes: new RateLimit(config.WRITES_PER_MINUTE),
    bytes: new RateLimit(config.API_BODY_BYTES_PER_MINUTE),
    maxBytes: config.API_MAX_BODY_BYTES,
  };
}

function sessionSettings(config: ApiConfig): SessionSettings {
  const { SESSION_SECRET: secret, SESSION_JWKS_URL: jwksUrl } = config;
  return { secret, jwksUrl, issuer: config.SESSION_ISSUER, audience: config.SESSION_AUDIENCE };
}
