import { describe, expect, it, vi } from 'vitest';
import { auditText, createAudited, type AuditEntry, type AuditEvent } from './audit-log.ts';
import { PermanentError, RetryableError } from '../errors/errors.ts';

const note: AuditEvent = { operation: 'run.pause', target: 'run/r-1', brand: 'alpha', by: 'ann' };

function trail() {
  const steps: unknown[] = [];
  return {
    steps,
    begin: (given: AuditEvent) => Promise.resolve(steps.push(given)).then(() => 'a-1'),
    end: (_: string, outcome: Partial<AuditEntry>) => Promise.resolve(steps.push(outcome)).then(() => undefined),
  };
}

describe('what is done on record', () => {
  it('is noted before it is done, and its outcome after', async () => {
    const kept = trail();
    const result = await createAudited(kept, vi.fn())(note, () => Promise.resolve(kept.steps.push('done itself')));
    expect(kept.steps).toEqual([note, 'done itself', { outcome: 'done', code: null }]);
    expect(result).toBe(2);
  });

  it.each([
    [new PermanentError('run_conflict', 'no'), { outcome: 'refused', code: 'run_conflict' }],
    [new RetryableError('temporal_unavailable', 'away'), { outcome: 'failed', code: 'temporal_unavailable' }],
    [new RetryableError('outcome_unknown', 'no answer'), { outcome: 'unknown', code: 'outcome_unknown' }],
    [new RetryableError('store_unavailable', 'lost'), { outcome: 'unknown', code: 'store_unavailable' }],
    [new TypeError('oops'), { outcome: 'unknown', code: 'internal_error' }],
  ])('says whether it was not done, or may have been: %s', async (error, outcome) => {
    const kept = trail();
    const act = vi.fn().mockRejectedValue(error);
    await expect(createAudited(kept, vi.fn())(note, act)).rejects.toBe(error);
    expect(kept.steps).toEqual([note, outcome]);
  });

  it('leaves the outcome open where an act that happens once fails: it may be tried again', async () => {
    const kept = trail();
    const once = { ...note, once: 'run.pause:r-1' };
    const act = vi.fn().mockRejectedValue(new RetryableError('store_unavailable', 'lost'));
    await expect(createAudited(kept, vi.fn())(once, act)).rejects.toThrow('lost');
    expect(kept.steps).toEqual([once]);
  });

  it('is not done when it cannot be noted', async () => {
    const act = vi.fn();
    const away = { begin: () => Promise.reject(new Error('away')), end: vi.fn() };
    await expect(createAudited(away, vi.fn())(note, act)).rejects.toThrow('away');
    expect(act).not.toHaveBeenCalled();
  });

  it('stays done when its outcome cannot be noted', async () => {
    const missed = vi.fn();
    const away = { begin: () => Promise.resolve('a-1'), end: () => Promise.reject(new Error('away')) };
    expect(await createAudited(away, missed)(note, () => Promise.resolve('result'))).toBe('result');
    expect(missed).toHaveBeenCalledOnce();
  });
});

describe('what was asked for', () => {
  it('is kept without secrets, and not at all where it is too long', () => {
    expect(auditText({ reason: 'token=abcdef123456789' })).not.toContain('abcdef');
    expect(auditText(undefined)).toBeNull();
    expect(auditText({ text: 'x'.repeat(9_000) })).toBeNull();
  });

  it('is not masked first where it is too long', () => {
    const start = performance.now();
    expect(auditText({ text: 'token=a;'.repeat(6_000_000) })).toBeNull();
    expect(performance.now() - start).toBeLessThan(4_000);
  }, 60_000);
});
