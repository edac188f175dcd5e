/** Who asks: what a session token says once its signature, algorithm and end have been checked. */
import { errors, jwtVerify } from 'jose';
import { managerRoles, sessionClaims, type ManagerRole } from '#libs/contracts/session.schema.ts';
import { ApiError } from '../http/api.error.ts';

export interface Session {
  /** The user's id. */
  userId: string;
  role: ManagerRole;
  /** The only brands this session may see; null = all of them. */
  brands: readonly string[] | null;
}

export type VerifySession = (authorization: string | undefined) => Promise<Session>;

/**
 * @param secret SESSION_SECRET
 * @returns a function that takes an `Authorization` header and throws ApiError 401 `no_session`, or 403
 *   `access_denied` for a role that is none of the five manager roles
 */
export function sessionVerifier(secret: string): VerifySession {
  const key = new TextEncoder().encode(secret);
  return async (authorization) => {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      // Worded so that masking leaves it whole.
      throw noSession('A session token is needed: send it as a bearer token in the Authorization header.');
    }
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] }).catch(
      (error: unknown) => {
        throw noSession(refusal(error));
      },
    );
    const claims = sessionClaims.safeParse(payload);
    if (!claims.success) {
      throw noSession('The session token needs the claims sub and role, and brands as a list of texts if at all.');
    }
    const role = managerRoles.find((known) => known === claims.data.role);
    if (role === undefined) throw new ApiError(403, 'access_denied', 'This session is not one of a manager.');
    return { userId: claims.data.sub, role, brands: claims.data.brands ?? null };
  };
}

function noSession(message: string): ApiError {
  return new ApiError(401, 'no_session', message);
}

function refusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The session has ended: sign in again.';
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'missing') {
    return `The session token has no claim ${error.claim}.`;
  }
  return 'The session token is not valid.';
}
