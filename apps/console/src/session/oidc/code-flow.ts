/**
 * The authorization code flow with PKCE of a public client.
 * @see https://www.rfc-editor.org/rfc/rfc9700
 */
import * as oauth from 'oauth4webapi';
import { SignInError } from '../sign-in-error.ts';
import type { Tokens } from './kept-tokens.ts';
import { callbackPath, type Provider } from './provider.ts';

/** What has to be the same when the provider sends the person back. */
export interface Pending {
  state: string;
  nonce: string;
  verifier: string;
}

/** Stands before a state, so that a window that opens on the way back knows what it is. */
export type Place = 'page' | 'popup';

/** @returns where to send the person. @throws SignInError where the provider is away */
export async function beginSignIn(provider: Provider, place: Place): Promise<{ url: string; pending: Pending }> {
  const verifier = oauth.generateRandomCodeVerifier();
  const pending = { state: `${place}.${oauth.generateRandomState()}`, nonce: oauth.generateRandomNonce(), verifier };
  const { authorization } = endpointsOf(provider);
  const url = new URL(authorization);
  const params = {
    response_type: 'code',
    client_id: provider.client_id,
    redirect_uri: location.origin + callbackPath,
    scope: provider.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(provider.scope.split(' ').includes('offline_access') && { prompt: 'consent' }),
    ...resourceOf(provider),
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return { url: url.href, pending };
}

/** @throws Error for an answer that is not to what was asked, or says no */
export async function finishSignIn(provider: Provider, pending: Pending, answer: URLSearchParams): Promise<Tokens> {
  const server = serverOf(provider);
  const client = clientOf(provider);
  const params = oauth.validateAuthResponse(server, client, answer, pending.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    params,
    location.origin + callbackPath,
    pending.verifier,
    { additionalParameters: resourceOf(provider), ...plainHttp(provider) },
  );
  const expected = { expectedNonce: pending.nonce, requireIdToken: true };
  return toTokens(await oauth.processAuthorizationCodeResponse(server, client, response, expected), null);
}

/** @throws Error where the provider does not renew it, `TypeError` where it cannot be reached */
export async function refresh(provider: Provider, { refreshToken, idToken }: Tokens): Promise<Tokens> {
  const server = serverOf(provider);
  const client = clientOf(provider);
  const options = { additionalParameters: resourceOf(provider), ...plainHttp(provider) };
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken ?? '', options);
  const answer = await oauth.processRefreshTokenResponse(server, client, response);
  return toTokens(answer, { refreshToken, idToken });
}

/** A provider that changes neither leaves out what stays. */
function toTokens(
  { access_token, refresh_token, id_token, expires_in }: oauth.TokenEndpointResponse,
  before: Pick<Tokens, 'refreshToken' | 'idToken'> | null,
): Tokens {
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? before?.refreshToken ?? null,
    idToken: id_token ?? before?.idToken ?? null,
    endsAt: expires_in === undefined ? null : Date.now() + expires_in * 1000,
  };
}

function endpointsOf({ endpoints }: Provider): NonNullable<Provider['endpoints']> {
  if (endpoints === null) throw new SignInError('provider_away');
  return endpoints;
}

function serverOf(provider: Provider): oauth.AuthorizationServer {
  const { authorization, token, signing_algs } = endpointsOf(provider);
  return {
    issuer: provider.issuer,
    authorization_endpoint: authorization,
    token_endpoint: token,
    id_token_signing_alg_values_supported: signing_algs,
  };
}

function clientOf({ client_id }: Provider): oauth.Client {
  return { client_id };
}

function resourceOf({ resource, audience }: Provider): Record<string, string> {
  return { ...(resource !== null && { resource }), ...(audience !== null && { audience }) };
}

/** A provider without TLS, such as on one machine, says so by its address. */
function plainHttp({ issuer }: Provider): { [oauth.allowInsecureRequests]?: boolean } {
  return issuer.startsWith('http:') ? { [oauth.allowInsecureRequests]: true } : {};
}
