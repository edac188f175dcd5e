import { describe, expect, it } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { maxMarked } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import { PublicationNotes } from './publication-notes.ts';

function notesWith(mark: (ids: string[]) => Promise<void>) {
  const written: string[][] = [];
  const warned: string[] = [];
  const notes = new PublicationNotes(
    {
      markPublished: (ids) => {
        written.push(ids);
        return mark(ids);
      },
    },
    { warn: (_: unknown, message?: string) => void warned.push(message ?? '') },
  );
  return { notes, written, warned };
}

describe('PublicationNotes', () => {
  it('writes what comes within a while together, and knows it until then', async () => {
    const { notes, written } = notesWith(() => Promise.resolve());
    for (const id of ['a', 'b', 'a']) notes.add(id);
    expect([notes.has('a'), notes.has('c')]).toEqual([true, false]);
    await expect.poll(() => written).toEqual([['a', 'b']]);
    await expect.poll(() => notes.has('a')).toBe(false);
  });

  it('writes no more than may be written together, and waits for no others when there are as many', async () => {
    const { notes, written } = notesWith(() => Promise.resolve());
    for (let n = 0; n < 2 * maxMarked + 1; n += 1) notes.add(`c${n}`);
    await notes.flush();
    expect(written.map((ids) => ids.length)).toEqual([maxMarked, maxMarked, 1]);
    expect(new Set(written.flat()).size).toBe(2 * maxMarked + 1);
  });

  it('says once that it cannot write, and goes on', async () => {
    let isAway = true;
    const { notes, written, warned } = notesWith(() =>
      isAway ? Promise.reject(new RetryableError('store_unavailable', 'away')) : Promise.resolve(),
    );
    for (const id of ['a', 'b']) {
      notes.add(id);
      await notes.flush();
    }
    expect(warned.length).toBe(1);
    expect(notes.has('a')).toBe(false);
    isAway = false;
    notes.add('c');
    await notes.flush();
    expect(written).toEqual([['a'], ['b'], ['c']]);
  });
});
