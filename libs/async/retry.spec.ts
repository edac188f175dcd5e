import { describe, expect, it, vi } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { RetryPolicy, type RetryOptions } from './retry.ts';

const away = new RetryableError('store_unavailable', 'no server answers');

describe('Patience', () => {
  const logs: string[] = [];
  const retryPolicy = (checks: RetryOptions['checks'] = {}, isBusy: RetryOptions['isBusy'] = () => false) => {
    logs.length = 0;
    const write = (line: string): void => void logs.push((JSON.parse(line) as { msg: string }).msg);
    const log = createLogger('test', 'info', { write });
    return new RetryPolicy({ log, checks, isBusy, limitMs: 20, pauses: { first: 1, longest: 4 } });
  };
  const up = { store: () => Promise.resolve() };
  const never = new AbortController().signal;

  it('tries until it succeeds, and says once that a dependency is away and once that it is back', async () => {
    const attempt = vi.fn(() => Promise.resolve('done'));
    for (let failure = 0; failure < 20; failure++) attempt.mockRejectedValueOnce(away);
    expect(await retryPolicy().retry('store', attempt, never)).toBe('done');
    expect(attempt).toHaveBeenCalledTimes(21);
    expect(logs).toEqual(['store is away: no server answers; events wait until it is back', 'store is back']);
  });

  it.each([new PermanentError('store_rejected', 'never'), new TypeError('our fault')])(
    'does not try %s again',
    async (error) => {
      const attempt = vi.fn<() => Promise<string>>().mockRejectedValue(error);
      await expect(retryPolicy().retry('store', attempt, never)).rejects.toBe(error);
      expect(attempt).toHaveBeenCalledTimes(1);
    },
  );

  it('tries again what it does not know: to give an event up wrongly is worse', async () => {
    const attempt = vi.fn(() => Promise.resolve('done')).mockRejectedValueOnce(new Error('something of a driver'));
    expect(await retryPolicy().retry('store', attempt, never)).toBe('done');
  });

  it('stops at once when the partition is released', async () => {
    const released = new AbortController();
    const attempt = vi.fn<() => Promise<string>>().mockRejectedValue(away);
    attempt.mockImplementationOnce(() => {
      setImmediate(() => released.abort(new Error('no longer ours')));
      return Promise.reject(away);
    });
    await expect(retryPolicy().retry('store', attempt, released.signal)).rejects.toThrow('no longer ours');
  });

  /** Fails so often that any limit has passed, and then succeeds. */
  const lateSuccess = () => {
    const began = Date.now();
    return vi.fn(() => (Date.now() - began < 200 ? Promise.reject(away) : Promise.resolve('done')));
  };

  it('ends when a dependency that is up fails the same work for as long as it may', async () => {
    const attempt = vi.fn<() => Promise<string>>().mockRejectedValue(away);
    await expect(retryPolicy(up).retry('store', attempt, never)).rejects.toMatchObject({
      code: 'dependency_refuses',
      retryable: false,
      cause: away,
      message: 'store is up and has failed this for 20 ms: no server answers',
    });
    // On a machine that stands still for the whole time, the second failure is the last one.
    expect(attempt.mock.calls.length).toBeGreaterThan(1);
    expect(logs).toEqual([
      'store is up and fails: no server answers; an event it fails for 20 ms is sent to the dead letters',
    ]);
  });

  it('does not call a dependency away again because of those that failed before it was back', async () => {
    const waiting = retryPolicy({ store: () => Promise.reject(new Error('away')) });
    const began = Date.now();
    const attempt = (): Promise<string> => (Date.now() - began < 100 ? Promise.reject(away) : Promise.resolve('done'));
    await Promise.all(Array.from({ length: 40 }, () => waiting.retry('store', attempt, never)));
    expect(logs).toEqual(['store is away: no server answers; events wait until it is back', 'store is back']);
  });

  it('waits without end while the check of the dependency fails', async () => {
    const down = { store: () => Promise.reject(new Error('away')) };
    expect(await retryPolicy(down).retry('store', lateSuccess(), never)).toBe('done');
  });

  it('counts from when the dependency is up again', async () => {
    const began = Date.now();
    const flapping = {
      store: () => (Date.now() - began < 190 ? Promise.reject(new Error('away')) : Promise.resolve()),
    };
    expect(await retryPolicy(flapping).retry('store', lateSuccess(), never)).toBe('done');
  });

  it('waits without end for a dependency that says it is busy', async () => {
    expect(await retryPolicy(up, (error) => error === away).retry('store', lateSuccess(), never)).toBe('done');
  });

  it('waits without end for work that belongs to no event', async () => {
    expect(await retryPolicy(up).retryForever('store', lateSuccess(), never)).toBe('done');
  });
});
