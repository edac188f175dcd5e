/** A real OpenID Connect provider. Its address is known before it is there: until `open` it answers 503. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { Provider } from 'oidc-provider';

export const clientId = 'signalbox-console';
export const audience = 'https://signalbox.example';

export class IdentityProvider {
  readonly issuer: string;
  /** What tests change while it runs. */
  readonly gives = { refreshTokens: false, tokenSeconds: 600, audience, role: 'SESSION_ADMIN' };
  readonly #server: Server;
  #handle: RequestListener = (_, response) => void response.writeHead(503).end();

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => this.#handle(request, response));
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async listen(): Promise<IdentityProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new IdentityProvider(server);
  }

  /** What the API has to be told of it. */
  get env(): Record<string, string> {
    return {
      CONSOLE_OIDC_ISSUER: this.issuer,
      CONSOLE_OIDC_CLIENT_ID: clientId,
      CONSOLE_OIDC_RESOURCE: audience,
      SESSION_AUDIENCE: audience,
      SESSION_ROLE_CLAIM: 'https://signalbox.example/roles',
    };
  }

  /** @param url of the console */
  open(url: string): void {
    const { gives } = this;
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: clientId,
          token_endpoint_auth_method: 'none',
          redirect_uris: [`${url}/console/callback`],
          post_logout_redirect_uris: [`${url}/console/`],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
        },
      ],
      cookies: { keys: ['only for tests'] },
      clientBasedCORS: () => true,
      findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
      extraTokenClaims: () => ({ 'https://signalbox.example/roles': ['offline_access', gives.role] }),
      issueRefreshToken: () => Promise.resolve(gives.refreshTokens),
      features: {
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: '',
            audience: gives.audience,
            accessTokenTTL: gives.tokenSeconds,
            accessTokenFormat: 'jwt',
          }),
        },
      },
    });
    const handle = provider.callback();
    this.#handle = (request, response) => void handle(request, response);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Fills in the provider's own pages. */
export async function signInThere(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}
