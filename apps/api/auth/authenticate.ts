/** Who asks: what a session token says once its signature, algorithm and end have been checked, or an API key. */
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { managerRoles, sessionClaims, type ManagerRole } from '#libs/contracts/session.schema.ts';
import { apiKeyUser, isApiKey, isUsable, readApiKey, type StoredApiKey } from '#libs/domain/access/api-key.ts';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import { ApiError } from '../http/api.error.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import { readClaims } from './read-claims.ts';

export interface Session {
  /** The user's id; of an API key `machine:{its id}`. */
  userId: string;
  role: ManagerRole;
  /** The only brands this session may see; null = all of them. */
  brands: readonly string[] | null;
  /** ISO 8601 UTC; null = it ends when its key is revoked. */
  endsAt: string | null;
}

export type VerifySession = (authorization: string | undefined) => Promise<Session>;

/** Finds the key of an id. @throws RetryableError `store_unavailable` */
export type FindApiKey = (apiKeyId: string) => Promise<StoredApiKey | null>;

export interface SessionSettings {
  /** SESSION_SECRET: signs HS256 tokens. */
  secret?: string | undefined;
  /** SESSION_JWKS_URL: where the public keys of tokens are found that are signed otherwise. */
  jwksUrl?: string | undefined;
  issuer?: string | undefined;
  audience?: string | undefined;
  /** CONSOLE_OIDC_ISSUER: has the keys where `jwksUrl` says nothing, and is the issuer where `issuer` does not. */
  oidc?: OidcIssuer | null;
  userClaim?: string;
  roleClaim?: string;
  brandsClaim?: string;
  /** Least milliseconds between two looks for keys that are not known yet. */
  cooldownMs?: number;
}

/** Of a public key set. Those of a shared secret are never among them: a public key must not serve as one. */
const publicAlgorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
/** How long the key set may take to come. */
const keysMs = 3_000;

/**
 * @returns a function that takes an `Authorization` header with a session token or an API key, and throws ApiError 401
 *   `no_session`, 403 `access_denied` for a role that is none of the five manager roles, or RetryableError
 *   `session_keys_unavailable`, `store_unavailable`
 */
export function sessionVerifier(settings: SessionSettings, findApiKey: FindApiKey): VerifySession {
  const verify = createVerifier(settings);
  const { userClaim: user = 'sub', roleClaim: role = 'role', brandsClaim: brands = 'brands' } = settings;
  const names = { user, role, brands };
  return async (authorization) => {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      // Worded so that masking leaves it whole.
      throw noSession('A session token is needed: send it as a bearer token in the Authorization header.');
    }
    if (isApiKey(token)) return sessionOfKey(token, findApiKey);
    const claims = sessionClaims.safeParse(readClaims(await verify(token), names));
    if (!claims.success) {
      const [issue] = claims.error.issues;
      if (issue?.code === 'custom') throw noSession(`The session token has a wrong sub: it ${issue.message}.`);
      const wanted = `${user} (the name of a person), ${role}, and ${brands} as a list of lines if at all`;
      throw noSession(`The session token needs the claims ${wanted}.`);
    }
    const { sub: userId, exp, ...given } = claims.data;
    return { userId, role: managerRole(given.role), brands: given.brands ?? null, endsAt: toTime(exp) };
  };
}

/** What ends later than any date can say ends with the last of them. */
function toTime(seconds: number): string {
  return new Date(Math.min(seconds, lastSecond) * 1000).toISOString();
}

const lastSecond = 253_402_300_799;

/** Looked up each time, so that a key that was revoked is good for nothing from then on. */
async function sessionOfKey(text: string, find: FindApiKey): Promise<Session> {
  const read = readApiKey(text);
  const key = read && (await find(read.api_key_id));
  if (read === null || key === null || !isUsable(key, read.secret, Date.now())) {
    throw noSession('The API key is not valid: it is unknown, revoked or its time is over.');
  }
  const { api_key_id, role, brands, expires_at: endsAt } = key;
  return { userId: apiKeyUser(api_key_id), role: managerRole(role), brands, endsAt };
}

function managerRole(text: string): ManagerRole {
  const role = managerRoles.find((known) => known === text);
  if (role === undefined) throw new ApiError(403, 'access_denied', 'This session is not one of a manager.');
  return role;
}

/** @returns what gives the claims of a token whose signature, algorithm, times, issuer and audience are right */
function createVerifier(settings: SessionSettings) {
  const { secret, issuer, audience, oidc = null, userClaim = 'sub' } = settings;
  const key = secret === undefined ? null : new TextEncoder().encode(secret);
  const keys = createKeySet(settings);
  const checks = {
    requiredClaims: [...(userClaim.includes('.') ? [] : [userClaim]), 'exp'],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  const publicChecks = { ...checks, ...(issuer === undefined && oidc !== null && { issuer: oidc.issuer }) };
  return async (token: string): Promise<Record<string, unknown>> => {
    try {
      // The header only says with what to try: each kind of key is tried with its own algorithms alone.
      const { alg } = decodeProtectedHeader(token);
      if (key !== null && (alg === 'HS256' || keys === null)) {
        return (await jwtVerify(token, key, { ...checks, algorithms: ['HS256'] })).payload;
      }
      if (keys === null || alg === 'HS256') throw noSession(invalid);
      return (await jwtVerify(token, keys, { ...publicChecks, algorithms: publicAlgorithms })).payload;
    } catch (error) {
      throw error instanceof ApiError || areKeysAway(error) ? keysError(error) : noSession(refusal(error));
    }
  };
}

/** @returns what finds the key of a token; null: there are none but the secret */
function createKeySet({ jwksUrl, oidc = null, cooldownMs = 30_000 }: SessionSettings): JWTVerifyGetKey | null {
  const options = { cooldownDuration: cooldownMs, timeoutDuration: keysMs };
  if (jwksUrl !== undefined) return createRemoteJWKSet(new URL(jwksUrl), options);
  if (oidc === null) return null;
  let known: { url: string; keys: JWTVerifyGetKey } | null = null;
  return async (header, token) => {
    const { jwks_uri: url } = await oidc.metadata();
    if (known?.url !== url) known = { url, keys: createRemoteJWKSet(new URL(url), options) };
    return known.keys(header, token);
  };
}

/** Whether the key set is what cannot be had, whatever the token is like. */
function areKeysAway(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return !(error instanceof TypeError && error.message.includes('Token'));
  return ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}

function keysError(error: unknown): unknown {
  if (error instanceof ApiError || error instanceof RetryableError) return error;
  const message = `The keys of session tokens cannot be read: ${messageOf(error)}`;
  return new RetryableError('session_keys_unavailable', message, { cause: error });
}

const invalid = 'The session token is not valid.';

function noSession(message: string): ApiError {
  return new ApiError(401, 'no_session', message);
}

function refusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The session has ended: sign in again.';
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'missing') {
    return `The session token has no claim ${error.claim}.`;
  }
  if (error instanceof errors.JWTClaimValidationFailed) return `The session token has a wrong ${error.claim}.`;
  return invalid;
}
