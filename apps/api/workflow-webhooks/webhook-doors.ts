/** Who may get a session token of a workflow webhook, and who may report events: found out before a body is read. */
import type { Request } from 'express';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { findValidKey, isValidKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import type { StoredWorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import type { RateLimit } from '../auth/rate-limiter.ts';
import { refuseBeyond } from '../auth/refuse-beyond.ts';
import { ApiError } from '../http/api.error.ts';
import { readApiKey, readSessionToken, type ShownKey } from './credentials.ts';
import { tokenLifetime, type SessionTokens, type Verified } from './session-tokens.ts';
import type { WebhookCache } from './webhook-cache.ts';

export interface DoorPorts {
  cache: Pick<WebhookCache, 'get' | 'refresh'>;
  /** null: WEBHOOK_TOKEN_SECRET is not set. */
  tokens: Pick<SessionTokens, 'issue' | 'verify'> | null;
  /** Requests without a valid key or token, by address. */
  failures: RateLimit;
}

export interface Handshake {
  sessionToken: string;
  /** Seconds. */
  expiresIn: number;
}

export class WebhookDoors {
  readonly #ports: DoorPorts;

  constructor(ports: DoorPorts) {
    this.#ports = ports;
  }

  /** @throws ApiError as `docs/workflow-webhooks.md` lists them */
  async handshake(id: string, request: Request): Promise<Handshake> {
    if (request.headers.origin !== undefined) {
      throw new ApiError(403, 'origin_refused', 'A browser must not have the API key: call this from your back end.');
    }
    const key = readApiKey(request);
    const keyId = await this.#admit(id, request, (webhook) => {
      const keyOfWebhook = findKey(webhook, key);
      if (webhook?.enabled !== true || webhook.token_exchange === 'disabled') {
        throw new ApiError(403, 'token_exchange_disabled', 'The workflow gives no session tokens.');
      }
      return keyOfWebhook;
    });
    const { tokens } = this.#ports;
    if (tokens === null) throw noTokens();
    return { sessionToken: await tokens.issue(id, keyId), expiresIn: tokenLifetime };
  }

  /** @returns the webhook, whose events the caller may report @throws ApiError */
  async webhookOf(id: string, request: Request): Promise<StoredWorkflowWebhook> {
    const key = readApiKey(request);
    const token = readSessionToken(request);
    const verified = token === null ? null : await this.#ports.tokens?.verify(token);
    return this.#admit(id, request, (webhook) => {
      if (webhook?.token_exchange === 'required') this.#checkToken(webhook, verified ?? null);
      else findKey(webhook, key);
      if (webhook?.enabled !== true) throw new ApiError(403, 'webhook_disabled', 'The workflow takes no events.');
      return webhook;
    });
  }

  #checkToken(webhook: StoredWorkflowWebhook, verified: Verified | null): void {
    if (this.#ports.tokens === null) throw noTokens();
    if (verified === null) {
      const message = 'Send what the handshake gives as x-session-token: the API key is not taken here.';
      throw new ApiError(401, 'session_token_missing', message);
    }
    if ('refusal' in verified) throw tokenRefusal(verified.refusal);
    const { sub, key_id } = verified.claims;
    const key = webhook.keys.find((one) => one.key_id === key_id);
    if (sub !== webhook.id || key === undefined || !isValidKey(key, Date.now())) {
      throw tokenRefusal('session_token_invalid');
    }
  }

  /**
   * Strangers are looked at twice: what they show may have been made a moment ago, in another process. It takes as long
   * for a workflow that is not there.
   */
  async #admit<Result>(
    id: string,
    request: Request,
    check: (webhook: StoredWorkflowWebhook | undefined) => Result,
  ): Promise<Result> {
    const { cache, failures } = this.#ports;
    try {
      try {
        return check(await cache.get(id));
      } catch (error) {
        if (!isStranger(error)) throw error;
        refuseBeyond(failures, request.ip ?? '', 1);
        await cache.refresh();
        return check(await cache.get(id));
      }
    } catch (error) {
      throw error instanceof RetryableError ? unavailable('The workflows cannot be read just now.') : error;
    }
  }
}

/** @returns its id @throws ApiError 404 `not_found`, 401 `api_key_missing`, `api_key_invalid` */
function findKey(webhook: StoredWorkflowWebhook | undefined, { key, isAmbiguous }: ShownKey): string {
  const found = findValidKey(webhook?.keys ?? [], key ?? '', Date.now());
  if (webhook === undefined) throw new ApiError(404, 'not_found', 'There is nothing at this address.');
  if (key === null) {
    throw new ApiError(401, 'api_key_missing', 'There is no API key: send it as Authorization or x-api-key.');
  }
  if (isAmbiguous) throw new ApiError(401, 'api_key_invalid', 'There are several API keys: send one.');
  if (found === null) throw new ApiError(401, 'api_key_invalid', 'The API key is not one of this workflow.');
  return found.key_id;
}

function isStranger(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    [401, 404].includes(error.getStatus()) &&
    // Who has shown a token of ours is none.
    error.code !== 'session_token_expired'
  );
}

function tokenRefusal(code: 'session_token_invalid' | 'session_token_expired'): ApiError {
  const isExpired = code === 'session_token_expired';
  return new ApiError(
    401,
    code,
    isExpired
      ? 'The session token has ended: get another one by the handshake.'
      : 'The session token is not one of this workflow.',
  );
}

function noTokens(): ApiError {
  return unavailable('Session tokens are not set up here: the operator has to set WEBHOOK_TOKEN_SECRET.');
}

export function unavailable(message: string): ApiError {
  return new ApiError(503, 'unavailable', message);
}
