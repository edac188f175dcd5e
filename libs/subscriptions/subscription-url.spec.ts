import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '#libs/http/address-policy.ts';
import { createUrlCheck, type UrlCheckOptions } from './subscription-url.ts';

const names: Record<string, string[]> = {
  'public.example': ['93.184.215.14'],
  'private.example': ['10.1.2.3', 'fd00::1'],
  'both.example': ['10.1.2.3', '93.184.215.14'],
  'nowhere.example': [],
};
const resolve = (hostname: string): Promise<{ address: string }[]> => {
  const found = names[hostname];
  if (found === undefined) return Promise.reject(new Error('the resolver is away'));
  return Promise.resolve(found.map((address) => ({ address })));
};
const check = (url: string, options: Partial<UrlCheckOptions> = {}, allowed: string[] = []) =>
  createUrlCheck({ policy: createAddressPolicy(allowed), allowsHttp: false, resolve, ...options })(url);

describe('the address of a subscription', () => {
  it.each([
    'https://public.example/hooks?source=signalbox',
    'https://public.example:8443',
    'https://93.184.215.14/',
    'https://[2606:4700::1111]/',
    'https://both.example/',
    'https://nowhere.example/',
    'https://unknown.example/',
  ])('may be %s', async (url) => {
    expect(await check(url)).toBeNull();
  });

  it.each([
    ['/hooks', 'begins with https://'],
    ['ftp://public.example/', 'begins with https://'],
    ['http://public.example/', 'begins with https://'],
    ['https://user:secret@public.example/', 'must not hold a user or password'],
    ['https://public.example/#', 'must not have a fragment'],
    ['https://public.example/a b', 'must not hold blanks'],
    [' https://public.example/', 'must not hold blanks'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://2130706433/', 'loopback'],
    ['https://0x7f.1/', 'loopback'],
    ['https://[::1]/', 'loopback'],
    ['https://[::ffff:10.0.0.1]/', 'private'],
    ['https://169.254.169.254/latest/meta-data', 'linkLocal'],
    ['https://private.example/', 'private'],
  ])('is refused as %s', async (url, why) => {
    const issue = await check(url);
    expect(issue).toContain(why);
    expect(issue).not.toMatch(/secret@|10\.1\.2\.3/);
  });

  it('may lie in a network that is open, and lack TLS where that is allowed', async () => {
    expect(await check('https://private.example/', {}, ['10.0.0.0/8'])).toBeNull();
    expect(await check('http://public.example/', { allowsHttp: true })).toBeNull();
    expect(await check('ftp://public.example/', { allowsHttp: true })).toContain('http:// or https://');
  });

  it('does not wait for a resolver that does not answer', async () => {
    const never = () => new Promise<never>(() => undefined);
    expect(await check('https://public.example/', { resolve: never, resolveMs: 10 })).toBeNull();
  });
});
