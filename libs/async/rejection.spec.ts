import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { unlessAborted } from './rejection.ts';

describe('unlessAborted', () => {
  const never = new Promise<string>(() => undefined);

  it('gives what the work gives, and leaves no listener behind', async () => {
    const { signal } = new AbortController();
    for (let time = 0; time < 20; time += 1) {
      expect(await unlessAborted(Promise.resolve('done'), [signal, signal])).toBe('done');
    }
    await expect(unlessAborted(Promise.reject(new Error('failed')), [signal])).rejects.toThrow('failed');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('rejects with the reason of the first signal that is aborted, before or meanwhile', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = unlessAborted(never, [first.signal, second.signal]);
    second.abort(new Error('no longer ours'));
    await expect(waiting).rejects.toThrow('no longer ours');
    await expect(unlessAborted(never, [first.signal, second.signal])).rejects.toThrow('no longer ours');
  });
});
