/** What the console has to know to sign people in with an OpenID Connect provider. It is public, and no secret. */
import type { RequestHandler } from 'express';
import type { ApiConfig } from '../api-config.ts';
import type { OidcIssuer, ProviderMetadata } from '../auth/oidc-issuer.ts';

export interface SignIn {
  /** Where the console may send requests beside the API. */
  origins(): Promise<string[]>;
  /** `/console/config.json` */
  document: RequestHandler;
}

export function consoleSignIn(issuer: OidcIssuer | null, { oidcClientId, ...config }: ApiConfig['console']): SignIn {
  // The issuer logs why it could not be asked.
  const known = (): Promise<ProviderMetadata | null> =>
    issuer === null ? Promise.resolve(null) : issuer.metadata().catch(() => null);
  const describe = async (): Promise<object | null> => {
    if (issuer === null) return null;
    const metadata = await known();
    return {
      issuer: issuer.issuer,
      client_id: oidcClientId,
      scope: config.oidcScope,
      resource: config.oidcResource ?? null,
      audience: config.oidcAudience ?? null,
      // Null: the provider is away.
      endpoints: metadata && {
        authorization: metadata.authorization_endpoint,
        token: metadata.token_endpoint,
        end_session: metadata.end_session_endpoint ?? null,
        signing_algs: metadata.id_token_signing_alg_values_supported,
      },
    };
  };
  return {
    async origins() {
      const metadata = await known();
      return metadata === null ? [] : [new URL(metadata.token_endpoint).origin];
    },
    document: async (_request, response) => {
      response.setHeader('Cache-Control', 'no-store');
      response.json({ oidc: await describe() });
    },
  };
}
