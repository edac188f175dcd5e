/**
 * Who asks, found out before anything of a request's body is read: a body costs memory and time, and what is refused
 * gets neither. The refusal itself is told by `SessionGuard`, which knows that there is something at the address.
 */
import type { NextFunction, Request, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '../http/api.error.ts';
import type { StrangerConnections } from '../http/stranger.connections.ts';
import { endUnreadBody } from '../http/unread-body.ts';
import type { RateLimit } from './rate-limiter.ts';
import { refuseBeyond } from './refuse-beyond.ts';
import type { Session, VerifySession } from './authenticate.ts';

export interface RequestLimits {
  /** Requests without a valid session, by address. */
  failures: RateLimit;
  /** Requests that may change something, by user. */
  writes: RateLimit;
  /** Bytes of bodies, by user. */
  bytes: RateLimit;
  /** Of one body. */
  maxBytes: number;
}

type Admission = { session: Session } | { refusal: unknown };

export class SessionGate {
  readonly #verify: VerifySession;
  readonly #limits: RequestLimits;
  readonly #strangers: StrangerConnections;
  readonly #admissions = new WeakMap<IncomingMessage, Admission>();

  constructor(verify: VerifySession, limits: RequestLimits, strangers: StrangerConnections) {
    this.#verify = verify;
    this.#limits = limits;
    this.#strangers = strangers;
  }

  /** To be used in front of what reads bodies. */
  readonly middleware = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if (request.path.toLowerCase().startsWith('/api/')) await this.#admit(request, response);
    next();
  };

  /** @returns whether a body is worth reading */
  readonly mayBeRead = (request: IncomingMessage): boolean => {
    const admission = this.#admissions.get(request);
    return admission !== undefined && 'session' in admission && changesSomething(request);
  };

  /** @throws ApiError 401 `no_session`, 429 `too_many_requests`; what verifying throws */
  async sessionOf(request: Request, response: Response): Promise<Session> {
    const admission = this.#admissions.get(request) ?? (await this.#admit(request, response));
    if ('session' in admission) return admission.session;
    throw admission.refusal;
  }

  async #admit(request: Request, response: Response): Promise<Admission> {
    const admission = await this.#ask(request).catch((refusal: unknown): Admission => ({ refusal }));
    this.#admissions.set(request, admission);
    if ('refusal' in admission) endUnreadBody(request, response);
    return admission;
  }

  async #ask(request: Request): Promise<Admission> {
    const session = await this.#verified(request);
    this.#strangers.welcome(request.socket);
    if (changesSomething(request)) {
      refuseBeyond(this.#limits.writes, session.userId, 1);
      refuseBeyond(this.#limits.bytes, session.userId, this.#bytesOf(request));
    }
    return { session };
  }

  /** A valid session is let in whatever else comes from its address. */
  async #verified(request: Request): Promise<Session> {
    try {
      return await this.#verify(request.headers.authorization);
    } catch (error) {
      const isRefused = error instanceof ApiError && error.getStatus() === 401;
      if (isRefused) refuseBeyond(this.#limits.failures, request.ip ?? '', 1);
      throw error;
    }
  }

  /** The most there may be where nothing says how much is coming, or it is compressed. */
  #bytesOf({ headers }: Request): number {
    const { maxBytes } = this.#limits;
    if (headers['transfer-encoding'] !== undefined) return maxBytes;
    const length = Number(headers['content-length'] ?? 0);
    return headers['content-encoding'] === undefined ? Math.min(length, maxBytes) : maxBytes;
  }
}

function changesSomething({ method }: IncomingMessage): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
