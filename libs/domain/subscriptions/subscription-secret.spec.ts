import { describe, expect, it } from 'vitest';
import { checkSecret, drawSecret, withSecret } from './subscription-secret.ts';
import { signingSecrets, type StoredSubscription } from './subscription.ts';

const start = Date.parse('2026-03-10T12:00:00.000Z');
const hours = (n: number): Date => new Date(start + n * 3_600_000);
const secret = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 9).toString('base64')}`;
const stored = {
  secrets: [{ secret: 'first', created_at: hours(-9).toISOString(), ends_at: null }],
  rotated_at: [],
} as unknown as StoredSubscription;

describe('a secret', () => {
  it('is drawn anew each time, and fits', () => {
    const drawn = Array.from({ length: 20 }, drawSecret);
    expect(new Set(drawn).size).toBe(20);
    expect(drawn.map(checkSecret)).toEqual(drawn.map(() => null));
  });

  it.each([24, 32, 64])('may have %d bytes', (bytes) => {
    expect(checkSecret(secret(bytes))).toBeNull();
  });

  it.each([
    ['too short', secret(23)],
    ['too long', secret(65)],
    ['without its prefix', secret(32).slice(6)],
    ['without padding', secret(32).replace(/=+$/, '')],
    ['not in base64', `whsec_${'*'.repeat(44)}`],
    ['in base64url', `whsec_${Buffer.alloc(33, 0xfb).toString('base64url')}`],
    ['empty', 'whsec_'],
    ['with a line break', `${secret(32)}\n`],
  ])('is refused when it is %s, and not told', (_, text) => {
    const issue = checkSecret(text);
    expect(issue).toContain('24 to 64 bytes');
    expect(issue).not.toContain(text.slice(6) || 'nothing');
  });
});

describe('a rotation', () => {
  it('lets the old secret sign for a day beside the new one', () => {
    const rotated = withSecret(stored, 'second', hours(0));
    expect(signingSecrets(rotated, hours(0).getTime())).toEqual(['second', 'first']);
    expect(signingSecrets(rotated, hours(24).getTime() - 1)).toEqual(['second', 'first']);
    expect(signingSecrets(rotated, hours(24).getTime())).toEqual(['second']);
  });

  it('ends the secret before the old one at once', () => {
    const twice = withSecret(withSecret(stored, 'second', hours(0)), 'third', hours(1));
    expect(signingSecrets(twice, hours(1).getTime())).toEqual(['third', 'second']);
    expect(JSON.stringify(twice)).not.toContain('first');
  });

  it('is refused for the eleventh time within a day, and told from when on', () => {
    let one = stored;
    for (let n = 0; n < 10; n += 1) one = withSecret(one, `s${n}`, hours(n));
    expect(() => withSecret(one, 'eleventh', hours(23))).toThrow(
      expect.objectContaining({ code: 'too_many_rotations', message: expect.stringContaining('2026-03-11T12:00') }),
    );
    expect(withSecret(one, 'eleventh', hours(24)).rotated_at).toHaveLength(10);
  });
});
