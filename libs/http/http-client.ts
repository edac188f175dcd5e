/**
 * The client behind every call to an address that a rule or a subscriber chose.
 *
 * One client is one policy: its pool holds only connections checked under its own `allowedNetworks`. Redirects are
 * never followed and proxies of the environment never used, so what was checked is what is called. A call ends within
 * `timeoutMs`, whatever the other side does.
 */
import { Agent } from 'undici';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { createAddressPolicy } from './address-policy.ts';
import { RequestAbortedError, Exchange } from './request-handler.ts';
import { guardedConnector, type Resolve } from './ssrf-connector.ts';
import { statusError, transportError } from './http.errors.ts';
import { parseTarget } from './parse-url.ts';
import type { HttpRequest, HttpResponse } from './http-message.ts';

export interface HttpClient {
  /**
   * Resolves only for a 2xx answer. Messages name the method, the masked URL and what happened.
   * @throws PermanentError `webhook_invalid_url`, `webhook_invalid_request`, `webhook_blocked_address`,
   *   `webhook_certificate`, `webhook_status` (3xx and most 4xx; see `PermanentStatusError`)
   * @throws RetryableError `webhook_timeout`, `webhook_transport`, `webhook_status` (408, 425, 429, 5xx;
   *   see `RetryableStatusError`); `unanswered` when the request was handed over and no answer came
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Takes no more calls, lets those under way end within their time, then closes every connection. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** CIDR ranges that may be reached although they are not public, e.g. `10.1.0.0/16`, `::1/128`. */
  allowedNetworks: string[];
  /** Sent when a request has no user-agent of its own. */
  userAgent: string;
  /** How much of an answer is read; the rest is cut off with its connection. Default 64 KiB. */
  maxResponseBytes?: number;
  /** Connections to one origin; further calls wait, within their own time. Default 128. */
  maxConnections?: number;
  /** PEM of further certificate authorities, e.g. of an internal receiver. */
  certificateAuthorities?: string[];
  /** How names become addresses; the operating system's resolver by default. */
  resolve?: Resolve;
}

/** Longer than any `timeoutMs`: a call's own time decides, this only ends attempts that were given up. */
const connectTimeoutMs = 35_000;

/** @throws PermanentError `invalid_network` when an allowed network is no CIDR range. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const maxBytes = options.maxResponseBytes ?? 65_536;
  const agent = new Agent({
    connections: options.maxConnections ?? 128,
    connect: guardedConnector({
      policy: createAddressPolicy(options.allowedNetworks),
      timeoutMs: connectTimeoutMs,
      certificateAuthorities: options.certificateAuthorities,
      resolve: options.resolve,
    }),
    // The deadline of a call covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  function exchange(request: HttpRequest): Promise<Exchange> {
    const target = parseTarget(request);
    return new Promise((resolve, reject) => {
      const handler = new Exchange({
        timeoutMs: request.timeoutMs,
        maxBytes,
        signal: request.signal,
        onEnd: (error) => (error === null ? resolve(handler) : reject(new Interrupted(error, handler.isHandedOver))),
      });
      const { origin, path } = target;
      const headers = completeHeaders(request.headers, options.userAgent, target.authorization);
      agent.dispatch({ origin, path, method: request.method, headers, body: request.body }, handler);
    });
  }

  let underway = 0;
  let closing: Promise<void> | null = null;
  let onIdle = (): void => undefined;

  async function close(): Promise<void> {
    if (underway > 0) await new Promise<void>((resolve) => (onIdle = resolve));
    // Not `close`: that would wait for connections that were given up.
    await agent.destroy();
  }

  return {
    async send(request) {
      request.signal?.throwIfAborted();
      const start = performance.now();
      let answer: Exchange;
      underway += 1;
      try {
        if (closing !== null) throw new Error('this client is closed');
        answer = await exchange(request);
      } catch (thrown) {
        if (thrown instanceof PermanentError || thrown instanceof RetryableError) throw thrown;
        const { error, isHandedOver } = thrown instanceof Interrupted ? thrown : new Interrupted(thrown, false);
        if (error instanceof RequestAbortedError) request.signal?.throwIfAborted();
        throw transportError(request, error, isHandedOver);
      } finally {
        underway -= 1;
        if (underway === 0) onIdle();
      }
      const response = {
        status: answer.status,
        headers: answer.headers,
        body: answer.text(),
        durationMs: Math.round(performance.now() - start),
      };
      if (response.status < 200 || response.status > 299) throw statusError(request, response);
      return response;
    },
    close: () => (closing ??= close()),
  };
}

/** A call that ended without an answer. */
class Interrupted extends Error {
  readonly error: unknown;
  readonly isHandedOver: boolean;

  constructor(error: unknown, isHandedOver: boolean) {
    super('interrupted');
    this.error = error;
    this.isHandedOver = isHandedOver;
  }
}

function completeHeaders(
  given: Readonly<Record<string, string>>,
  userAgent: string,
  authorization: string | null,
): Record<string, string> {
  const headers = { ...given };
  const names = Object.keys(given).map((name) => name.toLowerCase());
  if (!names.includes('user-agent')) headers['user-agent'] = userAgent;
  if (authorization !== null && !names.includes('authorization')) headers['authorization'] = authorization;
  return headers;
}
