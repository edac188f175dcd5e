import { expect, it } from 'vitest';
import { loadConfig } from '#libs/config/config.ts';
import { temporalOptions } from './connection.ts';

it.each([
  [{}, { tls: false }],
  [{ TEMPORAL_TLS: 'true' }, { tls: true }],
  [{ TEMPORAL_API_KEY: 'k' }, { tls: true, apiKey: 'k' }],
  [
    { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: '' },
    { tls: true, apiKey: 'k' },
  ],
])('an API key reaches Temporal through TLS only: %j', (env, options) => {
  expect(temporalOptions(loadConfig(env).temporal)).toEqual({ address: '127.0.0.1:7233', ...options });
});
