import { describe, expect, it } from 'vitest';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { eventFingerprint, hasFingerprint } from './event-fingerprint.ts';

const event: PlatformEvent = {
  id: 'e-1',
  trigger: 'customer.deposited',
  topic: 'crm.events',
  occurredAt: '2026-01-01T00:00:00.000Z',
  brand: 'north',
  login: 5001,
  customerId: 'c-1',
  causation: [],
  data: { amount: 5, nested: { a: 1, b: [1, 2] } },
};

describe('eventFingerprint', () => {
  it('is the same however the event was written and delivered', () => {
    const redelivered = { ...event, data: { nested: { b: [1, 2], a: 1 }, amount: 5 }, occurredAt: 'later' };
    expect(eventFingerprint(redelivered)).toBe(eventFingerprint(event));
    expect(eventFingerprint(event)).toMatch(/^1:[0-9a-f]{64}$/);
  });

  it.each<Partial<PlatformEvent>>([
    { trigger: 'customer.ftd' },
    { topic: 'trade.push' },
    { brand: null },
    { login: 5002 },
    { customerId: null },
    { data: { amount: 6, nested: { a: 1, b: [1, 2] } } },
    { data: { amount: 5, nested: { a: 1, b: [2, 1] } } },
    { data: { amount: '5', nested: { a: 1, b: [1, 2] } } },
  ])('differs when the event says something else: %j', (change) => {
    expect(eventFingerprint({ ...event, ...change })).not.toBe(eventFingerprint(event));
    expect(hasFingerprint({ ...event, ...change }, eventFingerprint(event))).toBe(false);
  });

  it('counts an event as the same when a newer build has made the fingerprint', () => {
    expect(hasFingerprint(event, eventFingerprint(event))).toBe(true);
    expect(hasFingerprint(event, '999:somethingelse')).toBe(true);
  });
});
