import { describe, expect, it } from 'vitest';
import { drawWebhookKey, findValidKey, maxValidKeys, withNewKey, withoutKey } from './webhook-key.ts';

const hour = 3_600_000;
const start = new Date('2026-01-31T12:00:00.000Z');
const later = (ms: number) => new Date(start.getTime() + ms);
const draw = (now = start) => drawWebhookKey('ada', now);

describe('keys of a workflow webhook', () => {
  it('are 256 random bits, of which a hash is kept', () => {
    const { text, key } = draw();
    expect(text).toMatch(/^whk_[0-9a-f]{16}_[0-9a-f]{64}$/);
    expect(JSON.stringify(key)).not.toContain(text.slice(21));
    expect(draw().text).not.toBe(text);
    expect(findValidKey([draw().key, key], text, start.getTime())).toBe(key);
  });

  it.each(['', 'whk_', 'x', `whk_${'0'.repeat(16)}_${'0'.repeat(64)}`])('are not %j', (text) => {
    expect(findValidKey([draw().key], text, start.getTime())).toBeNull();
    expect(findValidKey([], text, start.getTime())).toBeNull();
  });

  it('are not the id of one with the secret of another', () => {
    const [one, two] = [draw(), draw()];
    const mixed = one.text.slice(0, 21) + two.text.slice(21);
    expect(findValidKey([one.key, two.key], mixed, start.getTime())).toBeNull();
  });

  it('stay valid beside their successor for a while', () => {
    const [old, fresh] = [draw(), draw()];
    const keys = withNewKey([old.key], fresh.key, 24 * hour, start);
    expect(keys.map(({ ends_at }) => ends_at)).toEqual([null, '2026-02-01T12:00:00.000Z']);
    expect(findValidKey(keys, old.text, later(24 * hour - 1).getTime())).not.toBeNull();
    expect(findValidKey(keys, old.text, later(24 * hour).getTime())).toBeNull();
    expect(findValidKey(keys, fresh.text, later(1000 * hour).getTime())).not.toBeNull();
  });

  it('that were to end sooner do not live longer by a second rotation, and those that have ended are dropped', () => {
    const [first, second, third] = [draw(), draw(), draw()];
    const twice = withNewKey(withNewKey([first.key], second.key, hour, start), third.key, 24 * hour, later(1));
    expect(twice.map(({ key_id }) => key_id)).toEqual([third, second, first].map(({ key }) => key.key_id));
    expect(twice.at(-1)!.ends_at).toBe('2026-01-31T13:00:00.000Z');
    const fourth = draw();
    const keys = withNewKey(twice, fourth.key, 0, later(2 * hour));
    expect(keys.map(({ key_id }) => key_id)).toEqual([fourth.key.key_id]);
  });

  it('are a handful at most, until one is revoked', () => {
    let keys = [draw().key];
    for (let n = 1; n < maxValidKeys; n += 1) keys = withNewKey(keys, draw().key, hour, start);
    expect(() => withNewKey(keys, draw().key, hour, start)).toThrow('revoke one');
    const left = withoutKey(keys, keys[2]!.key_id)!;
    expect(withNewKey(left, draw().key, hour, start).length).toBe(maxValidKeys);
    expect(withoutKey(keys, 'none')).toBeNull();
  });
});
