import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ApiError } from '../http/api.error.ts';
import type { RateLimit } from './rate-limit.ts';
import { Roles } from './roles.ts';
import type { Session, VerifySession } from './session.ts';

export const verifySession = Symbol('verifySession');
export const requestLimits = Symbol('requestLimits');

export interface RequestLimits {
  /** Requests without a valid session, by address. */
  failures: RateLimit;
  /** Requests that may change something, by user. */
  writes: RateLimit;
}

const sessions = new WeakMap<Request, Session>();
const admitted = new WeakMap<Request, number>();

/** When the session of a request was known, by `performance.now()`; undefined: it was not. */
export function admittedAt(request: Request): number | undefined {
  return admitted.get(request);
}

/** Lets manager sessions pass, and to a place for some `Roles` only those; everything that answers about rules or runs stands behind it. */
@Injectable()
export class SessionGuard implements CanActivate {
  readonly #verify: VerifySession;

  readonly #reflector: Reflector;
  readonly #limits: RequestLimits;

  constructor(
    @Inject(verifySession) verify: VerifySession,
    @Inject(Reflector) reflector: Reflector,
    @Inject(requestLimits) limits: RequestLimits,
  ) {
    this.#verify = verify;
    this.#reflector = reflector;
    this.#limits = limits;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const session = await this.#sessionOf(request);
    const roles = this.#reflector.getAllAndOverride(Roles, [context.getHandler(), context.getClass()]);
    if (roles !== undefined && !roles.includes(session.role)) {
      throw new ApiError(403, 'access_denied', `Only ${roles.join(' and ')} may do this.`);
    }
    if (request.method !== 'GET') refuseBeyond(this.#limits.writes, session.userId);
    sessions.set(request, session);
    admitted.set(request, performance.now());
    return true;
  }

  /** A valid session is let in whatever else comes from its address. */
  async #sessionOf(request: Request): Promise<Session> {
    try {
      return await this.#verify(request.headers.authorization);
    } catch (error) {
      if (error instanceof ApiError && error.getStatus() === 401) refuseBeyond(this.#limits.failures, request.ip ?? '');
      throw error;
    }
  }
}

/** @throws ApiError 429 `too_many_requests` */
function refuseBeyond(limit: RateLimit, key: string): void {
  const seconds = limit.take(key);
  if (seconds === null) return;
  throw new ApiError(429, 'too_many_requests', `Too many requests: try again in ${seconds} s.`, [], seconds);
}

/** The session of the request, in a controller behind the guard. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const session = sessions.get(context.switchToHttp().getRequest<Request>());
  if (session === undefined) throw new Error('This controller does not stand behind SessionGuard');
  return session;
});
