import { describe, expect, it } from 'vitest';
import { packagesDiffer, tooOldFor } from './checks.mjs';

describe('tooOldFor', () => {
  it.each(['20.18.3', '18.20.0', '20.9.0'])('names what is needed where Node is %s', (version) => {
    expect(tooOldFor('>=20.19', version)).toContain('needs Node 20.19 or newer');
  });

  it.each(['20.19.0', '20.20.2', '22.0.0', '100.1.0'])('accepts Node %s', (version) => {
    expect(tooOldFor('>=20.19', version)).toBeNull();
  });
});

describe('packagesDiffer', () => {
  const lock = (packages: Record<string, object>) =>
    JSON.stringify({ packages: { '': { name: 'signalbox' }, ...packages } });
  const installed = (packages: Record<string, object>) => JSON.stringify({ packages });
  const zod = { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' } };

  it('says no when every package is there', () => {
    expect(packagesDiffer(lock(zod), installed(zod))).toBe(false);
  });

  it('says yes when nothing was installed to its end', () => {
    expect(packagesDiffer(lock(zod), null)).toBe(true);
  });

  it.each([
    ['missing', {}],
    ['of another version', { 'node_modules/zod': { version: '4.0.1', integrity: 'sha512-a' } }],
    ['of other content', { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-b' } }],
    ['one too many', { ...zod, 'node_modules/left': { version: '1.0.0' } }],
  ])('says yes when a package is %s', (_, packages) => {
    expect(packagesDiffer(lock(zod), installed(packages))).toBe(true);
  });

  it('does not miss packages made for other machines', () => {
    const both = { ...zod, 'node_modules/fsevents': { version: '2.3.3', optional: true } };
    expect(packagesDiffer(lock(both), installed(zod))).toBe(false);
  });
});
