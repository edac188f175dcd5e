import { describe, expect, it } from 'vitest';
import { apiKeyOfUser, apiKeyUser, drawApiKey, isApiKey, isUsable, readApiKey, type StoredApiKey } from './api-key.ts';
import { maskText } from '../masking/masking.ts';

const drawn = drawApiKey();
const { secret } = readApiKey(drawn.text)!;
const stored: StoredApiKey = {
  api_key_id: drawn.api_key_id,
  name: 'import',
  role: 'SESSION_ADMIN',
  brands: null,
  created_at: '2026-01-01T00:00:00.000Z',
  created_by: 'ann',
  expires_at: null,
  revoked_at: null,
  revoked_by: null,
  hash: drawn.hash,
};
const now = Date.parse('2026-06-01T00:00:00.000Z');

describe('an API key', () => {
  it('is drawn anew each time, and kept only as a hash', () => {
    expect(isApiKey(drawn.text)).toBe(true);
    expect(drawApiKey().text).not.toBe(drawn.text);
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('is good until it is revoked or its time is over, with its own secret only', () => {
    expect(isUsable(stored, secret, now)).toBe(true);
    expect(isUsable(stored, '0'.repeat(64), now)).toBe(false);
    expect(isUsable({ ...stored, revoked_at: '2026-05-01T00:00:00.000Z' }, secret, now)).toBe(false);
    expect(isUsable({ ...stored, expires_at: '2026-06-01T00:00:00.000Z' }, secret, now)).toBe(false);
    expect(isUsable({ ...stored, expires_at: '2026-06-01T00:00:00.001Z' }, secret, now)).toBe(true);
  });

  it.each(['', 'sbk_', `${drawn.text}0`, drawn.text.toUpperCase(), ` ${drawn.text}`])(
    'is not read from "%s"',
    (text) => {
      expect(readApiKey(text)).toBeNull();
    },
  );

  it('is masked wherever it stands', () => {
    expect(maskText(`the key ${drawn.text} was used`)).not.toContain(secret.slice(0, 16));
  });

  it('acts under a name that says which key it was', () => {
    expect(apiKeyOfUser(apiKeyUser('k1'))).toBe('k1');
    expect(apiKeyOfUser('ann')).toBeNull();
    const said = `released by ${apiKeyUser(drawn.api_key_id)}`;
    expect(maskText(said)).toBe(said);
  });
});
