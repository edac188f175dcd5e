/**
 * `POST {HOOKS_PATH}/{token}`: the token is looked up before anything of the body is read, and one that is unknown or of a
 * disabled application is answered as an address where there is nothing. It is in no answer, log or error.
 */
import type { Request, Response } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashToken, mayBeToken, type WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import type { WebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { RateLimit } from '../auth/rate-limiter.ts';
import { untilNextMultiple } from '../http/next-multiple.ts';
import type { StrangerConnections } from '../http/stranger.connections.ts';
import { endUnreadBody } from '../http/unread-body.ts';
import type { BodyReader } from './body.reader.ts';
import { readHookRequest, type Echo } from './envelope.ts';
import { HookError, toHookError } from './hook.error.ts';
import type { ExecuteHook } from './hook.executor.ts';

export interface HookDoorParts {
  applications: Pick<WebhookApplications, 'findByToken'>;
  bodies: BodyReader;
  execute: ExecuteHook;
  strangers: StrangerConnections;
  /** Requests with an unknown token, by address. */
  failures: RateLimit;
  /** Requests, by application. */
  writes: RateLimit;
  /** Milliseconds: answers that something is not there come after a multiple of it. */
  notFoundMs: number;
  log: Pick<Logger, 'error'>;
}

export class HookDoor {
  readonly #parts: HookDoorParts;

  constructor(parts: HookDoorParts) {
    this.#parts = parts;
  }

  /** To be mounted at the path in front of the token. */
  readonly handle = async (request: Request, response: Response): Promise<void> => {
    const begun = performance.now();
    const token = /^\/([^/]+)$/.exec(request.path)?.[1] ?? '';
    const echo: Echo = { operation: null, clientMutationId: null };
    endUnreadBody(request, response);
    response.setHeader('Cache-Control', 'no-store');
    try {
      send(response, 200, await this.#answer(request, response, token, echo), token);
    } catch (error) {
      const known = toHookError(error);
      if (known.status >= 500)
        this.#parts.log.error({ err: error, operation: echo.operation }, 'an incoming webhook failed');
      if (known.code === 'not_found') await sleep(untilNextMultiple(performance.now() - begun, this.#parts.notFoundMs));
      this.#refuse(response, known, echo, token);
    }
  };

  async #answer(request: Request, response: Response, token: string, echo: Echo): Promise<object> {
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST');
      throw new HookError('method_not_allowed', 'Operations are sent by POST');
    }
    await this.#admit(request, token);
    const bytes = await this.#parts.bodies.read(request, response);
    if (bytes.includes(token)) throw tokenInBody();
    const hookRequest = readHookRequest(bytes, echo);
    // Letters may be escaped in JSON.
    if (bytes.includes('\\u') && JSON.stringify(hookRequest).includes(token)) throw tokenInBody();
    // A body may be long under way, and the application be another one meanwhile, or none.
    const application = await this.#find(token);
    if (application === null) throw nothing();
    return this.#parts.execute(application, hookRequest);
  }

  /** @throws HookError `not_found`, `too_many_requests` */
  async #admit(request: Request, token: string): Promise<void> {
    const { failures, writes, strangers } = this.#parts;
    const application = await this.#find(token);
    if (application === null) {
      refuseBeyond(failures, request.ip ?? '');
      throw nothing();
    }
    strangers.welcome(request.socket);
    refuseBeyond(writes, application.application_id);
  }

  /** @returns null as well for one that is disabled */
  async #find(token: string): Promise<WebhookApplication | null> {
    const application = mayBeToken(token) ? await this.#parts.applications.findByToken(hashToken(token)) : null;
    return application?.enabled === true ? application : null;
  }

  #refuse(response: Response, error: HookError, echo: Echo, token: string): void {
    if (response.headersSent || response.destroyed) return;
    if (error.retryAfter !== null) response.setHeader('Retry-After', String(error.retryAfter));
    const { code, message } = error;
    send(response, error.status, { error: { code, message: maskText(message), ...echo } }, token);
  }
}

/** It would end up where values are kept or told. */
function tokenInBody(): HookError {
  const message = 'The body must not hold the token of the application, which belongs into the address alone';
  return new HookError('bad_request', message);
}

function nothing(): HookError {
  return new HookError('not_found', 'There is nothing at this address');
}

/** Whatever a caller may have written the token into. */
function send(response: Response, status: number, body: object, token: string): void {
  const text = JSON.stringify(body);
  const told = mayBeToken(token) ? text.replaceAll(token, '***') : text;
  response.status(status).type('json').send(told);
}

/** @throws HookError `too_many_requests` */
function refuseBeyond(limit: RateLimit, key: string): void {
  const seconds = limit.take(key);
  if (seconds === null) return;
  throw new HookError('too_many_requests', `Too many requests: try again in ${seconds} s`, seconds);
}
