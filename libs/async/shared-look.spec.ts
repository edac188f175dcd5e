import { expect, it } from 'vitest';
import { SharedLook } from './shared-look.ts';

/** Each look waits until it is let go. */
function heldLooks() {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const look = new SharedLook(() => new Promise((resolve, reject) => ends.push({ resolve, reject })));
  return { ends, look };
}

it('answers those who refresh during a look by one that begins after it, and shares that', async () => {
  const { ends, look } = heldLooks();
  const first = look.refresh();
  const others = [look.refresh(), look.refresh()];
  expect(ends).toHaveLength(1);
  ends[0]!.resolve();
  await first;
  await expect.poll(() => ends.length).toBe(2);
  ends[1]!.resolve();
  await Promise.all(others);
  expect(ends).toHaveLength(2);
});

it('begins the next look also when the one before failed', async () => {
  const { ends, look } = heldLooks();
  const first = look.refresh();
  const second = look.refresh();
  ends[0]!.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await expect.poll(() => ends.length).toBe(2);
  ends[1]!.resolve();
  await second;
});

it('lets those join who need not see what changed meanwhile', async () => {
  const { ends, look } = heldLooks();
  const all = [look.join(), look.join()];
  expect(ends).toHaveLength(1);
  ends[0]!.resolve();
  await Promise.all(all);
  void look.join();
  expect(ends).toHaveLength(2);
});
