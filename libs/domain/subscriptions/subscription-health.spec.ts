import { describe, expect, it } from 'vitest';
import type { StoredSubscription } from './subscription.ts';
import { afterAttempt, failuresNeeded, type AttemptOutcome } from './subscription-health.ts';

const now = Date.parse('2026-03-10T12:00:00.000Z');
const hour = 3_600_000;
const ago = (hours: number): string => new Date(now - hours * hour).toISOString();
const subscription: StoredSubscription = {
  subscription_id: 's',
  name: 'billing',
  url: 'https://hooks.example.com/x',
  types: null,
  rule_id: null,
  brands: null,
  format: 'cloudevents',
  status: 'active',
  disabled_reason: null,
  created_at: ago(1000),
  created_by: 'alice',
  updated_at: ago(1000),
  failures: 0,
  failed_at: null,
  not_before: null,
  secrets: [],
  rotated_at: [],
};
const success: AttemptOutcome = { isDelivered: true, status: 200, retryAfterMs: undefined };
const failure: AttemptOutcome = { isDelivered: false, status: 500, retryAfterMs: undefined };
const after = (more: Partial<StoredSubscription>, outcome: AttemptOutcome) =>
  afterAttempt({ ...subscription, ...more }, outcome, now, 120);

describe('the health of a subscription', () => {
  it('stays as it is after a success, and is reset by one after failures', () => {
    expect(after({}, success)).toBeNull();
    const reset = after({ failures: 4, failed_at: ago(1) }, success);
    expect(reset).toMatchObject({ next: { failures: 0, failed_at: null }, notice: null });
  });

  it('counts the first failure, and each that lies half a day behind the last one counted', () => {
    expect(after({}, failure)).toMatchObject({ next: { failures: 1, failed_at: ago(0) }, notice: null });
    expect(after({ failures: 1, failed_at: ago(11.9) }, failure)).toBeNull();
    expect(after({ failures: 1, failed_at: ago(12) }, failure)).toMatchObject({ next: { failures: 2 } });
  });

  it('warns at 50, 70 and 90 percent of five days, and disables after them', () => {
    expect(failuresNeeded(120)).toBe(11);
    const noticeAfter = (failures: number) => after({ failures, failed_at: ago(12) }, failure)?.notice;
    expect(Array.from({ length: 11 }, (_, failures) => noticeAfter(failures))).toEqual([
      ...Array<null>(5).fill(null),
      { kind: 'failing', percent: 50 },
      null,
      { kind: 'failing', percent: 70 },
      null,
      { kind: 'failing', percent: 90 },
      { kind: 'disabled', reason: 'failing' },
    ]);
    expect(after({ failures: 10, failed_at: ago(12) }, failure)?.next).toMatchObject({
      status: 'disabled',
      disabled_reason: 'failing',
      failures: 11,
      updated_at: ago(0),
    });
  });

  it('is disabled at once when the receiver says that it is gone', () => {
    expect(after({}, { ...failure, status: 410 })).toMatchObject({
      next: { status: 'disabled', disabled_reason: 'gone' },
      notice: { kind: 'disabled', reason: 'gone' },
    });
  });

  it('rests for as long as the receiver asks, also between failures that count', () => {
    const busy = { ...failure, status: 429, retryAfterMs: 60_000 };
    expect(after({ failures: 1, failed_at: ago(1) }, busy)?.next).toMatchObject({
      failures: 1,
      not_before: ago(-1 / 60),
    });
    expect(after({}, { ...failure, status: 429 })?.next.not_before).toBe(new Date(now + 30_000).toISOString());
    expect(
      after({ failures: 1, failed_at: ago(1), not_before: new Date(now + 59_500).toISOString() }, busy),
    ).toBeNull();
  });

  it('is changed no more by what ends once it is paused or disabled', () => {
    for (const status of ['paused', 'disabled'] as const) {
      expect(after({ status }, { ...failure, status: 410 })).toBeNull();
      expect(after({ status, failures: 3 }, success)).toBeNull();
    }
  });
});
