import { expect, it } from 'vitest';
import { createAttemptSlots } from './attempt-slots.ts';

it('gives each subscription its slots, and each slot back once', () => {
  const slots = createAttemptSlots(2);
  const first = slots.tryAcquire('s');
  expect(slots.tryAcquire('s')).not.toBeNull();
  expect(slots.tryAcquire('s')).toBeNull();
  expect(slots.tryAcquire('other')).not.toBeNull();
  first?.();
  first?.();
  expect(slots.tryAcquire('s')).not.toBeNull();
  expect(slots.tryAcquire('s')).toBeNull();
});
