import { describe, expect, it } from 'vitest';
import type { PendingDelivery } from './delivery.ts';
import { afterFailure, broughtForward, parked, postponed, unparked, withoutEvent } from './delivery-queue.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 10, 12, 0, seconds)).toISOString();
const event = (sequence: number, attempts = 0) => ({ event_id: `e${sequence}`, sequence, since: at(0), attempts });
const queue: PendingDelivery = {
  subscription_id: 's',
  execution_id: 'r',
  partition: 0,
  events: [event(1, 2), event(2)],
  next_at: at(10),
};

describe('a queue of waiting events', () => {
  it('loses the event that an attempt was about, whatever stands before it by then', () => {
    const pushed = { ...queue, events: [event(0), ...queue.events] };
    expect(withoutEvent(pushed, 'e1', at(20))).toEqual({ ...pushed, events: [event(0), event(2)], next_at: at(20) });
  });

  it('is left alone by an attempt at an event that has left it meanwhile', () => {
    expect(withoutEvent(queue, 'e9', at(20))).toBe(queue);
    expect(afterFailure(queue, queue, 'e9', at(20))).toBe(queue);
  });

  it('counts a failure and waits', () => {
    const failed = afterFailure(queue, queue, 'e1', at(40));
    expect(failed).toEqual({ ...queue, events: [event(1, 3), event(2)], next_at: at(40) });
  });

  it('keeps the time of an event that was put before the one that failed', () => {
    const pushed = { ...queue, events: [event(0), ...queue.events], next_at: at(5) };
    expect(afterFailure(pushed, queue, 'e1', at(40))).toMatchObject({
      events: [event(0), event(1, 3), event(2)],
      next_at: at(5),
    });
  });

  it('keeps the time that was asked for during the attempt', () => {
    const asked = { ...queue, next_at: at(12) };
    expect(afterFailure(asked, queue, 'e1', at(40)).next_at).toBe(at(12));
  });

  it('tries parked events at once, and no others', () => {
    expect(unparked(parked(queue), at(20))).toEqual({ ...queue, next_at: at(20) });
    expect(unparked(queue, at(20))).toBe(queue);
  });

  it('is postponed, and never brought forward', () => {
    expect(postponed(queue, at(20)).next_at).toBe(at(20));
    expect(postponed(queue, at(5))).toBe(queue);
    expect(postponed(parked(queue), at(5)).next_at).toBeNull();
  });

  it('is brought forward, and never put off', () => {
    expect(broughtForward(queue, at(5)).next_at).toBe(at(5));
    expect(broughtForward(queue, at(20))).toBe(queue);
    expect(broughtForward(parked(queue), at(5)).next_at).toBeNull();
  });
});
