import { describe, expect, it } from 'vitest';
import { loadConfig } from '#libs/config/config.ts';
import { mailSettings } from './mail-settings.ts';

const from = { name: '', address: 'hello@alder.example' };

function settings(env: Record<string, string>) {
  return mailSettings(loadConfig({ MAIL_FROM: 'hello@alder.example', ...env }).mail);
}

describe('mailSettings', () => {
  it('are none without a server', () => {
    expect(mailSettings(loadConfig({}).mail)).toBeNull();
  });

  it.each([
    [
      { SMTP_URL: 'smtp://localhost:1025' },
      { host: 'localhost', port: 1025, user: null, password: null, tls: 'opportunistic' },
    ],
    [
      { SMTP_URL: 'smtp://me:p%40ss@mail.example' },
      { host: 'mail.example', port: 587, user: 'me', password: 'p@ss', tls: 'starttls' },
    ],
    [{ SMTP_URL: 'smtps://me:pass@mail.example' }, { port: 465, tls: 'implicit' }],
    [
      { SMTP_URL: 'smtp://me:pass@[::1]:2525', SMTP_TLS: 'off' },
      { host: '::1', port: 2525, tls: 'off' },
    ],
    [{ SMTP_HOST: 'mail.example' }, { host: 'mail.example', port: 587, user: null, tls: 'opportunistic' }],
    [{ SMTP_HOST: 'mail.example', SMTP_PORT: '465' }, { tls: 'implicit' }],
    [
      { SMTP_HOST: 'mail.example', SMTP_USER: 'me', SMTP_PASSWORD: 'pass' },
      { user: 'me', password: 'pass', tls: 'starttls' },
    ],
  ])('of %j are %j', (env, expected) => expect(settings(env)).toMatchObject({ from, ...expected }));

  it('read a name before the address', () => {
    const named = settings({ SMTP_HOST: 'mail.example', MAIL_FROM: '"Alder Markets" <hello@alder.example>' });
    expect(named?.from).toEqual({ name: 'Alder Markets', address: 'hello@alder.example' });
  });
});
