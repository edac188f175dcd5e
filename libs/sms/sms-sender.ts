/** Sends SMS through the provider that the configuration names. All of them speak HTTP. */
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { SignalboxErrorCode } from '#libs/domain/errors/error-codes.ts';
import type { HttpClient } from '#libs/http/http-client.ts';
import type { HttpRequest } from '#libs/http/http-message.ts';

export type SmsProvider =
  /** Twilio's API, or one like it: a form with basic authorization. */
  | { kind: 'twilio'; baseUrl: string; accountSid: string; authToken: string; from: string }
  /** JSON `{ to, from, text, id }` with a bearer token. */
  | { kind: 'http'; url: string; token: string | null; from: string | null };

export interface Sms {
  /** Sent as `Idempotency-Key`, fit for a header. */
  key: string;
  /** E.164. */
  to: string;
  text: string;
}

export interface SmsSender {
  /**
   * Resolves when the provider has taken the message.
   * @throws PermanentError `sms_not_configured`, `sms_refused` and what the HTTP client refuses to send
   * @throws RetryableError `sms_deferred` (408, 425, 429, 5xx), `sms_timeout`, `sms_transport`; `unanswered` when the
   *   provider may have taken it
   */
  send(sms: Sms): Promise<void>;
}

const defaultTimeoutMs = 15_000;

/** @param timeoutMs for the whole answer of the provider */
export function createSmsSender(
  provider: SmsProvider | null,
  http: Pick<HttpClient, 'send'>,
  timeoutMs = defaultTimeoutMs,
): SmsSender {
  return {
    async send(sms) {
      if (provider === null) {
        throw new PermanentError(
          'sms_not_configured',
          'No SMS provider is configured: set SMS_PROVIDER to twilio or http, and what belongs to it',
        );
      }
      const request = provider.kind === 'twilio' ? twilioRequest(provider, sms) : httpRequest(provider, sms);
      try {
        await http.send({ ...request, timeoutMs, name: 'SMS provider' });
      } catch (error) {
        throw smsError(error);
      }
    },
  };
}

type Request = Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body'>;

function twilioRequest(provider: SmsProvider & { kind: 'twilio' }, { key, to, text }: Sms): Request {
  const { baseUrl, accountSid, authToken, from } = provider;
  const sid = encodeURIComponent(accountSid);
  return {
    url: `${baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${sid}/Messages.json`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      'idempotency-key': key,
    },
    body: new URLSearchParams({ To: to, From: from, Body: text }).toString(),
  };
}

function httpRequest({ url, token, from }: SmsProvider & { kind: 'http' }, { key, to, text }: Sms): Request {
  return {
    url,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      'idempotency-key': key,
    },
    body: JSON.stringify({ id: key, to, ...(from !== null && { from }), text }),
  };
}

/** The client speaks of webhooks; this message is about an SMS. */
function smsError(error: unknown): unknown {
  if (error instanceof RetryableError) {
    const { message, retryAfterMs, unanswered } = error;
    const code = error.code === 'webhook_status' ? 'sms_deferred' : smsCode(error.code);
    return new RetryableError(code, message, { cause: error, retryAfterMs, unanswered });
  }
  if (!(error instanceof PermanentError)) return error;
  const code = error.code === 'webhook_status' ? 'sms_refused' : smsCode(error.code);
  return new PermanentError(code, error.message, { cause: error });
}

const smsCodes: Partial<Record<SignalboxErrorCode, SignalboxErrorCode>> = {
  webhook_invalid_url: 'sms_invalid_url',
  webhook_blocked_address: 'sms_blocked_address',
  webhook_timeout: 'sms_timeout',
  webhook_invalid_request: 'sms_invalid_request',
  webhook_certificate: 'sms_certificate',
  webhook_transport: 'sms_transport',
};

function smsCode(code: SignalboxErrorCode): SignalboxErrorCode {
  return smsCodes[code] ?? code;
}
