import { describe, expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

/** Requests that end when the test says so. */
function requests() {
  const sent: { items: number[]; end: (outcomes: (number | Error)[]) => void; fail: (error: Error) => void }[] = [];
  const send = (items: number[]): Promise<(number | Error)[]> =>
    new Promise((resolve, reject) => sent.push({ items, end: resolve, fail: reject }));
  return { sent, send };
}

describe('gather', () => {
  it('sends at once while a request is free and gathers what comes meanwhile', async () => {
    const { sent, send } = requests();
    const add = createBatcher(send, { requests: 2, items: 3 });
    const results = [1, 2, 3, 4, 5, 6, 7].map((item) => add(item));
    expect(sent.map(({ items }) => items)).toEqual([[1], [2]]);
    sent[1]!.end([20]);
    expect(await results[1]).toBe(20);
    await expect.poll(() => sent.map(({ items }) => items)).toEqual([[1], [2], [3, 4, 5]]);
    sent[0]!.end([10]);
    expect(await results[0]).toBe(10);
    await expect.poll(() => sent.at(-1)!.items).toEqual([6, 7]);
  });

  it('gives each item its own outcome and goes on after a request that failed', async () => {
    const { sent, send } = requests();
    const add = createBatcher(send, { requests: 1, items: 10 });
    const first = add(1);
    const second = add(2);
    const third = add(3);
    sent[0]!.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await expect.poll(() => sent.length).toBe(2);
    sent[1]!.end([new Error('not this one'), 30]);
    await expect(second).rejects.toThrow('not this one');
    expect(await third).toBe(30);
    const fourth = add(4);
    await expect.poll(() => sent.length).toBe(3);
    sent[2]!.end([40]);
    expect(await fourth).toBe(40);
  });
});
