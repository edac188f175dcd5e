import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#libs/config/config.ts';
import { createHttpClient } from '#libs/http/http-client.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { createSmsSender, type SmsProvider } from './sms-sender.ts';
import { smsProvider } from './sms-settings.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function providerThat(status: number, headers: Record<string, string> = {}): Promise<Receiver> {
  const receiver = await startReceiver(({ rawHeaders, url }, response) => {
    response
      .writeHead(status, headers)
      .end(`{"message":"${status} ${url} ${rawHeaders.join(' ').replaceAll('"', '')}"}`);
  });
  cleanups.push(() => receiver.close());
  return receiver;
}

function sender(provider: SmsProvider | null, allowedNetworks = ['127.0.0.0/8']) {
  const http = createHttpClient({ allowedNetworks, userAgent: 'signalbox/test' });
  cleanups.push(() => http.close());
  return createSmsSender(provider, http);
}

const sms = { key: 'rule-1:event-1/action-0', to: '+5511987654321', text: 'Olá & welcome' };
const twilio = (baseUrl: string): SmsProvider => ({
  kind: 'twilio',
  baseUrl,
  accountSid: 'AC0123456789abcdef',
  authToken: 'tokentokentoken',
  from: '+15550001111',
});

function failureOf(sending: Promise<void>): Promise<Error> {
  return sending.then(
    () => expect.fail('the SMS was sent'),
    (error: Error) => error,
  );
}

describe('an SMS', () => {
  it('R-170 goes to a provider with the API of Twilio', async () => {
    const provider = await providerThat(201);
    await sender(twilio(`${provider.url}/`)).send(sms);
    expect(provider.requests).toMatchObject([
      {
        method: 'POST',
        url: '/2010-04-01/Accounts/AC0123456789abcdef/Messages.json',
        headers: {
          authorization: `Basic ${Buffer.from('AC0123456789abcdef:tokentokentoken').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': sms.key,
        },
      },
    ]);
    expect(Object.fromEntries(new URLSearchParams(provider.requests[0]?.body))).toEqual({
      To: '+5511987654321',
      From: '+15550001111',
      Body: 'Olá & welcome',
    });
  });

  it('R-170 goes to any other provider as JSON', async () => {
    const provider = await providerThat(202);
    await sender({ kind: 'http', url: `${provider.url}/sms`, token: 'tokentokentoken', from: 'Alder' }).send(sms);
    expect(provider.requests[0]).toMatchObject({
      method: 'POST',
      url: '/sms',
      headers: { authorization: 'Bearer tokentokentoken', 'idempotency-key': sms.key },
    });
    expect(JSON.parse(provider.requests[0]?.body ?? '')).toEqual({
      id: sms.key,
      to: '+5511987654321',
      from: 'Alder',
      text: 'Olá & welcome',
    });
  });

  it.each([
    [408, 'sms_deferred', true],
    [429, 'sms_deferred', true],
    [503, 'sms_deferred', true],
    [400, 'sms_refused', false],
    [401, 'sms_refused', false],
    [302, 'sms_refused', false],
  ])('answered with %i fails as %s', async (status, code, retryable) => {
    const provider = await providerThat(status, { 'Retry-After': '7' });
    const error = await failureOf(sender(twilio(provider.url)).send(sms));
    expect(error).toMatchObject({ code, retryable, ...(retryable && { retryAfterMs: 7000 }) });
    expect(error.message).toContain(`POST SMS provider → ${status}`);
    // The provider echoes what it was sent.
    expect(error.message).not.toMatch(/tokentoken|AC0123456789|QUMwMTIz/);
  });

  it('is tried again when the provider is away', async () => {
    const provider = await providerThat(200);
    await provider.close();
    cleanups.splice(0, 1);
    const error = await failureOf(sender(twilio(provider.url)).send(sms));
    expect(error).toMatchObject({ code: 'sms_transport', retryable: true });
  });

  it('goes only where webhooks may go', async () => {
    const provider = await providerThat(200);
    const error = await failureOf(sender(twilio(provider.url), []).send(sms));
    expect(error).toMatchObject({ code: 'sms_blocked_address', retryable: false });
    expect(provider.requests).toEqual([]);
  });

  it('fails for good without a provider, and says which variable is missing', async () => {
    const error = await failureOf(sender(null).send(sms));
    expect(error).toMatchObject({ code: 'sms_not_configured', retryable: false });
    expect(error.message).toContain('SMS_PROVIDER');
  });
});

describe('the active provider', () => {
  it('R-170 is the one the configuration names', () => {
    expect(smsProvider(loadConfig({}).sms)).toBeNull();
    const account = { SMS_TWILIO_ACCOUNT_SID: 'AC1', SMS_TWILIO_AUTH_TOKEN: 't', SMS_FROM: '+1555' };
    const other = { SMS_HTTP_URL: 'https://sms.example/send' };
    expect(smsProvider(loadConfig({ SMS_PROVIDER: 'twilio', ...account, ...other }).sms)).toEqual({
      kind: 'twilio',
      baseUrl: 'https://api.twilio.com',
      accountSid: 'AC1',
      authToken: 't',
      from: '+1555',
    });
    expect(smsProvider(loadConfig({ SMS_PROVIDER: 'http', ...account, ...other }).sms)).toEqual({
      kind: 'http',
      url: 'https://sms.example/send',
      token: null,
      from: '+1555',
    });
  });
});
