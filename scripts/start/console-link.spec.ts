import { expect, it } from 'vitest';
import { sessionVerifier } from '../../apps/api/auth/authenticate.ts';
import { consoleLink } from './console-link.ts';

it('signs an administrator in, with a token that no request carries in its address', async () => {
  const secret = 'a secret of at least 32 characters, for this test';
  const link = new URL(await consoleLink('http://127.0.0.1:8080', secret));
  expect(link.pathname + link.search).toBe('/console');
  const token = new URLSearchParams(link.hash.slice(1)).get('token');
  const verify = sessionVerifier({ secret }, () => Promise.resolve(null));
  expect(await verify(`Bearer ${token}`)).toMatchObject({ userId: 'alice', role: 'SESSION_ADMIN', brands: null });
});
