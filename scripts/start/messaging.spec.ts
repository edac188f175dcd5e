import { describe, expect, it } from 'vitest';
import { loadConfig } from '#libs/config/config.ts';
import { appEnvironment } from './app.environment.ts';
import { appNames } from './app.process.ts';
import { messagingOf } from './messaging.ts';

const receiver = { smtpUrl: 'smtp://127.0.0.1:1025', smsUrl: 'http://127.0.0.1:8090/sms' };

describe('mails and SMS of npm start', () => {
  it('go to the example receiver when nothing is set', () => {
    expect(messagingOf({}, receiver)).toEqual({
      environment: {
        SMTP_URL: 'smtp://127.0.0.1:1025',
        MAIL_FROM: 'signalbox <signalbox@broker.example>',
        SMS_PROVIDER: 'http',
        SMS_HTTP_URL: 'http://127.0.0.1:8090/sms',
      },
      mail: 'smtp://127.0.0.1:1025 (example receiver)',
      sms: 'http://127.0.0.1:8090/sms (example receiver)',
      isCounted: true,
      note: null,
    });
  });

  it.each([
    ['smtps://crm%40broker.com:s3cret@mail.broker.com', 'crm@broker.com', 'smtps://mail.broker.com'],
    ['smtp://key:s3cret@mail.broker.com:2525', 'signalbox <signalbox@broker.example>', 'smtp://mail.broker.com:2525'],
    ['smtp://%E0%A4%A:s3cret@mail.broker.com', 'signalbox <signalbox@broker.example>', 'smtp://mail.broker.com'],
  ])('go to SMTP_URL alone (%s), from an address that fits, and the screen says so', (SMTP_URL, sender, server) => {
    const env = { SMTP_URL };
    const messaging = messagingOf(env, receiver);
    const config = loadConfig({ ...env, ...messaging.environment });
    expect([config.mail.url, config.mail.from]).toEqual([SMTP_URL, sender]);
    expect(messaging.mail).toBe(`${server} (SMTP_URL)`);
    expect(messaging.sms).toContain('example receiver');
    expect(messaging.isCounted).toBe(false);
    expect(messaging.note).toBe(`MAIL_FROM is not set: mails are sent from ${sender}`);
    expect(JSON.stringify({ ...messaging, environment: {} })).not.toContain('s3cret');
  });

  it('are what the user has set when everything is', () => {
    const env = { SMTP_HOST: 'mail', SMTP_USER: 'a@b', SMTP_PASSWORD: 'p', MAIL_FROM: 'c@d', SMS_PROVIDER: 'twilio' };
    const { environment, mail, sms, note } = messagingOf(env, receiver);
    expect({ environment, mail, sms, note }).toEqual({
      environment: { MAIL_FROM: 'c@d' },
      mail: 'mail (SMTP_HOST)',
      sms: 'twilio (SMS_PROVIDER)',
      note: null,
    });
  });
});

describe('the environment of an app', () => {
  const env = {
    PATH: '/bin',
    SESSION_SECRET: 's',
    SESSION_JWKS_URL: 'j',
    WEBHOOK_TOKEN_SECRET: 'w',
    WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8',
    SMTP_URL: 'm',
    SMS_HTTP_TOKEN: 't',
  };

  it('holds no secret that only another app has a use for', () => {
    const seen = appNames.map((name) => [name, Object.keys(appEnvironment(name, env))]);
    expect(Object.fromEntries(seen)).toEqual({
      ingress: ['PATH', 'WEBHOOK_ALLOWED_NETWORKS'],
      worker: ['PATH', 'WEBHOOK_ALLOWED_NETWORKS', 'SMTP_URL', 'SMS_HTTP_TOKEN'],
      delivery: ['PATH', 'WEBHOOK_ALLOWED_NETWORKS'],
      api: ['PATH', 'SESSION_SECRET', 'SESSION_JWKS_URL', 'WEBHOOK_TOKEN_SECRET', 'WEBHOOK_ALLOWED_NETWORKS'],
    });
  });
});
