import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { durationSeconds, signSession } from './session-token.ts';
import { parseTokenOptions } from './token.options.ts';

describe('session tokens', () => {
  it('carry subject, role, brands and an end', async () => {
    const secret = 'a secret of at least thirty-two characters';
    const token = await signSession(secret, { sub: 'alice', role: 'SESSION_ADMIN', brands: ['alder'], ttlSeconds: 60 });
    const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(secret));
    expect(protectedHeader.alg).toBe('HS256');
    expect(payload).toMatchObject({ sub: 'alice', role: 'SESSION_ADMIN', brands: ['alder'] });
    expect(payload.exp! - payload.iat!).toBe(60);
  });

  it('name no brands when they are for all of them', async () => {
    const token = await signSession('x'.repeat(32), { sub: 'a', role: 'SESSION_ADMIN', brands: [], ttlSeconds: 60 });
    const { payload } = await jwtVerify(token, new TextEncoder().encode('x'.repeat(32)));
    expect(payload).not.toHaveProperty('brands');
  });
});

describe('token options', () => {
  it('reads role, user, several brands and a duration', () => {
    const argv = ['--role', 'SESSION_DEALER', '--sub', 'bob', '--brand', 'a', '--brand', 'b', '--ttl', '30m'];
    expect(parseTokenOptions(argv)).toEqual({
      role: 'SESSION_DEALER',
      sub: 'bob',
      brands: ['a', 'b'],
      ttlSeconds: 1800,
    });
    expect(parseTokenOptions(['--role', 'SESSION_ADMIN', '--sub', 'bob'])).toMatchObject({
      brands: [],
      ttlSeconds: 28_800,
    });
  });

  it('lists the roles when the role is wrong or missing', () => {
    expect(() => parseTokenOptions(['--role', 'ADMIN', '--sub', 'bob'])).toThrow(
      /^unknown role "ADMIN": one of SESSION_MANAGER, SESSION_ADMIN, /,
    );
    expect(() => parseTokenOptions(['--sub', 'bob'])).toThrow(/^--role is missing: one of SESSION_MANAGER/);
  });

  it('refuses a missing user, an odd duration and an unknown option', () => {
    const role = ['--role', 'SESSION_ADMIN'];
    expect(() => parseTokenOptions(role)).toThrow(/--sub is missing/);
    expect(() => parseTokenOptions([...role, '--sub', 'a', '--ttl', '8 hours'])).toThrow(/no duration/);
    expect(() => parseTokenOptions([...role, '--sub', 'a', '--user', 'b'])).toThrow(/--user/);
  });

  it.each([
    ['90s', 90],
    ['8h', 28_800],
    ['7d', 604_800],
    ['0h', null],
    ['8', null],
  ])('understands %s as %s seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });
});
