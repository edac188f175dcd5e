import pLimit from 'p-limit';
import { describe, expect, it, vi } from 'vitest';
import { createLogger } from '#libs/telemetry/logger.ts';
import { HandlerCalls } from './handler-calls.ts';
import { toWorkflowEvent } from './workflow-event.ts';

const at = '2026-01-05T10:00:00Z';
const event = toWorkflowEvent({
  eventId: '11111111-1111-5111-8111-111111111111',
  executionId: 'r:e',
  processId: 'r',
  tenantId: 't',
  sequence: 1,
  occurredAt: at,
  eventType: 'WorkflowCompleted',
  durationMs: 1,
  completedAt: at,
  status: 'success',
});

function scene({
  attempts = 1,
  concurrency = 10,
  first = 1,
}: {
  attempts?: number;
  concurrency?: number;
  first?: number;
}) {
  const log = createLogger('test', 'silent');
  const pauses = { first, longest: 60_000 };
  const closing = new AbortController();
  const ending = new AbortController();
  const calls = new HandlerCalls({ timeoutMs: 60_000, attempts, pauses, limit: pLimit(concurrency), log });
  return { calls, closing, ending, signals: { closing: closing.signal, ending: ending.signal } };
}

describe('calls of handlers', () => {
  it('wait longer before each further attempt, up to their number', async () => {
    const { calls, signals } = scene({ attempts: 5, first: 10 });
    const times: number[] = [];
    const handle = (): Promise<void> => {
      times.push(performance.now());
      return Promise.reject(new Error('no'));
    };
    const failures = await calls.deliver(event, [{ name: 'Handler', handle }], signals);
    expect(failures).toMatchObject([{ handler: 'Handler', attempts: 5 }]);
    expect(times.length).toBe(5);
    // A timer may be early by a part of a millisecond.
    for (const [index, base] of [10, 20, 40, 80].entries()) {
      expect(times[index + 1]! - times[index]!).toBeGreaterThanOrEqual(base * 0.75 - 1);
    }
  });

  it('are no more at once than they may be, and what waits for its next attempt is none', async () => {
    const { calls, signals, closing } = scene({ attempts: 2, concurrency: 2, first: 60_000 });
    let underWay = 0;
    let most = 0;
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const waits = async (): Promise<void> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await gate;
      underWay -= 1;
    };
    const failed = vi.fn(() => Promise.reject(new Error('no')));
    const failing = Array.from({ length: 5 }, () => calls.deliver(event, [{ name: 'Fails', handle: failed }], signals));
    await vi.waitFor(() => expect(failed).toHaveBeenCalledTimes(5));
    const others = Array.from({ length: 5 }, () => calls.deliver(event, [{ name: 'Waits', handle: waits }], signals));
    await vi.waitFor(() => expect(underWay).toBe(2));
    open();
    await Promise.all(others);
    expect(most).toBe(2);
    closing.abort(new Error('closing'));
    for (const one of failing) await expect(one).rejects.toThrow('closing');
    expect(failed).toHaveBeenCalledTimes(5);
  });

  it('leave open what became of an event when they are told to end', async () => {
    const { calls, signals, ending } = scene({ attempts: 3 });
    const handle = (_: unknown, signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('I gave up')));
      });
    const delivery = calls.deliver(event, [{ name: 'Handler', handle }], signals);
    ending.abort(new Error('ending'));
    await expect(delivery).rejects.toThrow('ending');
  });
});
