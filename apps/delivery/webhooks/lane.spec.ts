import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptOutcome } from '#libs/domain/subscriptions/subscription-health.ts';
import { Lane } from './lane.ts';

const delivered: AttemptOutcome = { isDelivered: true, status: 200, retryAfterMs: undefined };
const failed: AttemptOutcome = { isDelivered: false, status: 500, retryAfterMs: undefined };

describe('Lane', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Gives it all its slots. */
  const open = (lane: Lane): Lane => {
    for (let time = 0; time < 10; time += 1) lane.tryAcquire()!(delivered);
    return lane;
  };

  const fail = (lane: Lane, times: number, outcome = failed): void => {
    const slots = Array.from({ length: times }, () => lane.tryAcquire());
    for (const release of slots) release!(outcome);
  };

  const free = (lane: Lane): number => {
    let count = 0;
    while (lane.tryAcquire() !== null) count += 1;
    return count;
  };

  it('begins with two slots, and gives out one more with each success', () => {
    expect(free(new Lane(10))).toBe(2);
    const lane = new Lane(10);
    lane.tryAcquire()!(delivered);
    lane.tryAcquire()!(delivered);
    expect(free(lane)).toBe(4);
    expect(free(open(new Lane(10)))).toBe(10);
    const failing = open(new Lane(10));
    failing.tryAcquire()!(failed);
    expect(free(failing)).toBe(2);
  });

  it('takes no receiver for away that answers and refuses events', () => {
    const lane = open(new Lane(10));
    fail(lane, 9, { ...failed, status: 422 });
    expect([lane.isHeldUp, free(lane)]).toEqual([false, 10]);
    const missing = open(new Lane(10));
    fail(missing, 9, { ...failed, status: 404 });
    expect(missing.isHeldUp).toBe(true);
  });

  it('gives out so many slots, and one more when one comes back', async () => {
    const lane = new Lane(2);
    const first = lane.tryAcquire();
    lane.tryAcquire();
    expect(lane.tryAcquire()).toBeNull();
    const waiting = lane.acquire(() => true);
    first!();
    expect(await waiting).not.toBeNull();
  });

  it('ends the wait for a slot when it is wanted no longer', async () => {
    const lane = new Lane(1);
    lane.tryAcquire();
    let isWanted = true;
    const waiting = lane.acquire(() => isWanted);
    isWanted = false;
    lane.wake();
    expect(await waiting).toBeNull();
  });

  it('lets one request at a time find out whether a receiver is back, at growing intervals', async () => {
    const lane = new Lane(10);
    fail(lane, 2);
    expect(lane.isHeldUp).toBe(false);
    fail(lane, 1);
    expect(lane.isHeldUp).toBe(true);
    expect(lane.tryAcquire()).toBeNull();
    await vi.advanceTimersByTimeAsync(2_500);
    const release = lane.tryAcquire();
    expect(release).not.toBeNull();
    expect(lane.tryAcquire()).toBeNull();
    release!(failed);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(lane.tryAcquire()).toBeNull();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(lane.tryAcquire()).not.toBeNull();
  });

  it('asks again as soon when ten requests fail together as when one does', async () => {
    const lane = open(new Lane(10));
    fail(lane, 10);
    expect(lane.tryAcquire()).toBeNull();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(lane.tryAcquire()).not.toBeNull();
  });

  it('gives out all slots again after the first success', () => {
    const lane = open(new Lane(9));
    const last = lane.tryAcquire();
    fail(lane, 8);
    last!(delivered);
    expect([lane.isHeldUp, lane.tryAcquire() === null, lane.tryAcquire() === null]).toEqual([false, false, false]);
  });

  it('holds up what comes while a request takes long', async () => {
    const lane = new Lane(2);
    const release = lane.tryAcquire();
    await vi.advanceTimersByTimeAsync(400);
    expect(lane.isHeldUp).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(lane.isHeldUp).toBe(true);
    release!(delivered);
    expect(lane.isHeldUp).toBe(false);
  });

  it('gives the slot of one that wants it no longer to the next', async () => {
    const lane = new Lane(1);
    const release = lane.tryAcquire();
    let isWanted = true;
    const first = lane.acquire(() => isWanted);
    const second = lane.acquire(() => true);
    isWanted = false;
    release!();
    expect(await first).toBeNull();
    expect(await second).not.toBeNull();
  });

  it('leaves a receiver alone for as long as it asked', async () => {
    const lane = new Lane(2);
    lane.tryAcquire()!({ ...failed, status: 429, retryAfterMs: 60_000 });
    const waiting = lane.acquire(() => true);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(lane.tryAcquire()).toBeNull();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await waiting).not.toBeNull();
  });
});
