import { expect, it } from 'vitest';
import { WokenQueues } from './woken-queues.ts';

const minute = 60_000;
const queue = { subscription_id: 's', execution_id: 'r', next_at: '2026-03-10T12:00:00.000Z' };

it('wakes a queue again when it has another time, and else less and less often', () => {
  const woken = new WokenQueues();
  expect(woken.unseen([queue], 0)).toEqual([queue]);
  woken.add(queue, 0);
  expect(woken.unseen([queue], minute - 1)).toEqual([]);
  const askedFor = { ...queue, next_at: '2026-03-10T12:00:01.000Z' };
  expect(woken.unseen([askedFor], 1)).toEqual([askedFor]);
  expect(woken.unseen([queue], minute)).toEqual([queue]);
  woken.add(queue, minute);
  expect(woken.unseen([queue], 3 * minute - 1)).toEqual([]);
  expect(woken.unseen([queue], 3 * minute)).toEqual([queue]);
});
