import { describe, expect, it } from 'vitest';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import type { MatchCandidate } from '#libs/matching/match-events.ts';
import { toPostponedEvent } from './postponed-message.ts';

const event: PlatformEvent = {
  id: 'd-1',
  trigger: 'customer.deposited',
  topic: 'crm.events',
  occurredAt: '2026-06-01T00:00:00Z',
  data: {},
  login: null,
  brand: 'alpha',
  customerId: null,
  causation: [],
};
const subject: MatchCandidate = {
  event,
  trigger: 'customer.deposited',
  brand: 'alpha',
  login: null,
  customerId: null,
  context: () => ({}) as RuntimeContext,
};

function idOf(more: { key?: string | null; value?: string | null; timestamp?: string; offset?: string } = {}): string {
  const { key = 'k', value = 'v', timestamp = '1000', offset = '7' } = more;
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));
  const message: ConsumedMessage = { key: bytes(key), value: bytes(value), timestamp, offset, headers: {} };
  return toPostponedEvent(subject, message, { topic: 'crm.events', partition: 1 }).id;
}

describe('the id of a postponed event', () => {
  it('is the same each time its message is read', () => {
    expect(idOf()).toBe(idOf());
    expect(idOf()).toMatch(/^crm\.events\/1\/7\/[0-9a-f]{16}$/);
  });

  it.each([
    ['key', { key: 'another' }],
    ['value', { value: 'another' }],
    ['timestamp', { timestamp: '1001' }],
    ['offset', { offset: '8' }],
  ])('is another one for a message that differs in its %s alone: its topic was made anew', (_what, more) => {
    expect(idOf(more)).not.toBe(idOf());
  });

  it('takes a message without a key or value', () => {
    expect(new Set([idOf({ key: null }), idOf({ value: null }), idOf()]).size).toBe(3);
  });
});
