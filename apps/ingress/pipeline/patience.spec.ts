import { describe, expect, it, vi } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { Patience } from './patience.ts';

const away = new RetryableError('store_unavailable', 'nobody answers');

describe('Patience', () => {
  const logs: string[] = [];
  const patience = () => {
    logs.length = 0;
    const write = (line: string): void => void logs.push((JSON.parse(line) as { msg: string }).msg);
    return new Patience(createLogger('test', 'info', { write }), { first: 1, longest: 4 });
  };
  const never = new AbortController().signal;

  it('tries until it succeeds, and says once that a dependency is away and once that it is back', async () => {
    const attempt = vi.fn(() => Promise.resolve('done'));
    for (let failure = 0; failure < 20; failure++) attempt.mockRejectedValueOnce(away);
    expect(await patience().until('store', attempt, never)).toBe('done');
    expect(attempt).toHaveBeenCalledTimes(21);
    expect(logs).toEqual(['store is away: nobody answers; events wait until it is back', 'store is back']);
  });

  it.each([new PermanentError('store_rejected', 'never'), new TypeError('our mistake')])(
    'does not try %s again',
    async (error) => {
      const attempt = vi.fn<() => Promise<string>>().mockRejectedValue(error);
      await expect(patience().until('store', attempt, never)).rejects.toBe(error);
      expect(attempt).toHaveBeenCalledTimes(1);
    },
  );

  it('tries again what it does not know: to give an event up wrongly is worse', async () => {
    const attempt = vi.fn(() => Promise.resolve('done')).mockRejectedValueOnce(new Error('something of a driver'));
    expect(await patience().until('store', attempt, never)).toBe('done');
  });

  it('stops at once when the partition is released', async () => {
    const released = new AbortController();
    const attempt = vi.fn<() => Promise<string>>().mockRejectedValue(away);
    attempt.mockImplementationOnce(() => {
      setImmediate(() => released.abort(new Error('no longer ours')));
      return Promise.reject(away);
    });
    await expect(patience().until('store', attempt, released.signal)).rejects.toThrow('no longer ours');
  });
});
