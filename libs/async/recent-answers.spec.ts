import { describe, expect, it, vi } from 'vitest';
import { RecentAnswers } from './recent-answers.ts';

describe('RecentAnswers', () => {
  it('asks once for all who ask at once, and once for each key', async () => {
    const answers = new RecentAnswers<number>(1000);
    const ask = vi.fn(() => Promise.resolve(ask.mock.calls.length));
    expect(await Promise.all([answers.get('a', ask), answers.get('a', ask), answers.get('b', ask)])).toEqual([1, 1, 2]);
    expect(await answers.get('a', ask)).toBe(1);
  });

  it('asks again for what is older, and gives nobody an answer of then', async () => {
    const answers = new RecentAnswers<number>(0);
    const ask = vi.fn(() => Promise.resolve(ask.mock.calls.length));
    expect(await answers.get('a', ask)).toBe(1);
    await vi.waitFor(async () => expect(await answers.get('a', ask)).toBeGreaterThan(1));
  });

  it('keeps no failure', async () => {
    const answers = new RecentAnswers<string>(1000);
    const ask = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue('there');
    await expect(answers.get('a', ask)).rejects.toThrow('away');
    expect(await answers.get('a', ask)).toBe('there');
  });

  it('begins no second look while one takes long', async () => {
    const answers = new RecentAnswers<string>(0);
    let end: ((answer: string) => void) | undefined;
    const ask = vi.fn(() => new Promise<string>((resolve) => (end = resolve)));
    const waiting = [answers.get('a', ask), answers.get('a', ask)];
    await vi.waitFor(() => expect(ask).toHaveBeenCalled());
    waiting.push(answers.get('a', ask));
    end?.('done');
    expect(await Promise.all(waiting)).toEqual(['done', 'done', 'done']);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
