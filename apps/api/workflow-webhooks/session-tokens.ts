/** Session tokens of workflow webhooks: JWTs (RFC 7519), HS256, good for one webhook for five minutes. */
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** Seconds. */
export const tokenLifetime = 300;

export interface TokenClaims {
  /** Id of the webhook. */
  sub: string;
  /** Id of the key that it was given for. */
  key_id: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

export type Verified = { claims: TokenClaims } | { refusal: 'session_token_invalid' | 'session_token_expired' };

const audience = 'workflow-webhook';
/** How far the clock of the process that gave it may be ahead of ours, in seconds. */
const leeway = 5;
/** A caller's token comes with every event of five minutes, and its signature is checked once. */
const maxRemembered = 10_000;

const claimsSchema = z.object({ sub: z.string(), key_id: z.string(), jti: z.string(), iat: z.int(), exp: z.int() });

export class SessionTokens {
  readonly #key: Uint8Array;
  readonly #now: () => number;
  readonly #verified = new LRUCache<string, TokenClaims>({ max: maxRemembered });

  /** @param now milliseconds since 1970 */
  constructor(secret: string, now: () => number = Date.now) {
    this.#key = new TextEncoder().encode(secret);
    this.#now = now;
  }

  issue(webhookId: string, keyId: string): Promise<string> {
    const at = Math.floor(this.#now() / 1000);
    return new SignJWT({ key_id: keyId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(webhookId)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(at)
      .setExpirationTime(at + tokenLifetime)
      .sign(this.#key);
  }

  /** Whether the webhook and its key are still there is for the caller to find out. */
  async verify(token: string): Promise<Verified> {
    const known = this.#verified.get(token);
    if (known !== undefined) return this.#checkTime(known);
    let claims: TokenClaims;
    try {
      // Time is checked below, with every request. A token never lives longer than it is remembered.
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        audience,
        currentDate: new Date(0),
      });
      claims = claimsSchema.parse(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return { refusal: 'session_token_invalid' };
      throw error;
    }
    if (claims.exp - claims.iat > tokenLifetime) return { refusal: 'session_token_invalid' };
    this.#verified.set(token, claims);
    return this.#checkTime(claims);
  }

  #checkTime(claims: TokenClaims): Verified {
    const now = this.#now() / 1000;
    if (claims.exp <= now) return { refusal: 'session_token_expired' };
    return claims.iat > now + leeway ? { refusal: 'session_token_invalid' } : { claims };
  }
}
