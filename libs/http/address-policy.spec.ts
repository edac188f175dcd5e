import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address-policy.ts';

const closed = createAddressPolicy([]);

describe('which addresses may be reached', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '192.169.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('R-094 lets a public address through: %s', (address) => expect(closed.whyBlocked(address)).toBe(null));

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['100.100.100.200', 'carrierGradeNat'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['192.0.0.192', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['203.0.113.7', 'reserved'],
    ['168.63.129.16', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fe80::1', 'linkLocal'],
    ['fe80::1%eth0', 'linkLocal'],
    ['fc00::1', 'uniqueLocal'],
    ['fd00:ec2::254', 'uniqueLocal'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'reserved'],
    ['2002:7f00:1::', '6to4'],
    ['2002:808:808::', '6to4'],
    ['2001::7f00:1', 'teredo'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::a9fe:a9fe', 'linkLocal'],
    ['64:ff9b:1::808:808', 'rfc6052'],
    ['::7f00:1', 'reserved'],
    ['4000::1', 'reserved'],
    ['localhost', 'not an IP address'],
    ['', 'not an IP address'],
  ])('R-094 blocks %s as %s', (address, kind) => {
    expect(closed.whyBlocked(address)).toBe(kind);
  });

  it('lets a public IPv4 address through in its IPv6 forms', () => {
    expect(closed.whyBlocked('::ffff:8.8.8.8')).toBe(null);
    expect(closed.whyBlocked('64:ff9b::808:808')).toBe(null);
  });

  it('opens exactly the networks that are allowed', () => {
    const policy = createAddressPolicy(['10.1.0.0/16', '::1/128', 'fd00::/8']);
    for (const open of ['10.1.2.3', '::ffff:10.1.2.3', '64:ff9b::a01:203', '::1', 'fd12::1']) {
      expect(policy.whyBlocked(open), open).toBe(null);
    }
    for (const blocked of ['10.2.0.1', '127.0.0.1', '::2', 'fe80::1', '::ffff:10.2.0.1']) {
      expect(policy.whyBlocked(blocked), blocked).not.toBe(null);
    }
  });

  it('refuses a network that is none', () => {
    expect(() => createAddressPolicy(['10.0.0.0'])).toThrow('10.0.0.0 is not a network');
    expect(() => createAddressPolicy(['10.0.0.0/33'])).toThrow('expected a range like');
  });
});
