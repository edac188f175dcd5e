import { describe, expect, it, vi } from 'vitest';
import type { EvaluatedEvent } from '#libs/domain/matching/evaluated-event.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { EvaluationLog } from './evaluation-log.ts';

const log = createLogger('test', 'silent');
const event: EvaluatedEvent = {
  eventKey: 'key',
  eventId: 'e',
  trigger: 't',
  at: '2026-01-10T00:00:00.000Z',
  revision: 1,
  outcome: 'no_match',
  context: { brand: null, event: {} },
};

describe('EvaluationLog', () => {
  it('forgets what is older than its days until nothing is left, and looks once an hour', async () => {
    const forget = vi.fn((before: string) => Promise.resolve(before === '' ? 0 : forget.mock.calls.length < 3 ? 1 : 0));
    const keep = vi.fn(() => Promise.resolve());
    const evaluations = new EvaluationLog({ store: { keep, forget }, keepsUnmatched: true, days: 7, log });
    const now = Date.parse('2026-01-10T00:00:00.000Z');
    await evaluations.keep([event], now);
    await vi.waitFor(() => expect(forget).toHaveBeenCalledTimes(3));
    expect(forget).toHaveBeenCalledWith('2026-01-03T00:00:00.000Z');
    await evaluations.keep([], now + 60 * 60 * 1000 - 1);
    expect(forget).toHaveBeenCalledTimes(3);
    await evaluations.keep([], now + 60 * 60 * 1000);
    await vi.waitFor(() => expect(forget).toHaveBeenCalledTimes(4));
    expect(keep).toHaveBeenCalledTimes(1);
  });

  it('holds nothing up when forgetting fails', async () => {
    const store = { keep: () => Promise.resolve(), forget: () => Promise.reject(new Error('away')) };
    const evaluations = new EvaluationLog({ store, keepsUnmatched: true, days: 7, log });
    await expect(evaluations.keep([event])).resolves.toBeUndefined();
  });
});
