import { CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { InvalidInputError, PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { toApplicationFailure, withFailureMapping } from './failure.ts';

function quietEnvironment(info: { attempt: number }): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
}

describe('the failure of an activity', () => {
  it.each<[string, unknown, object]>([
    [
      'a permanent error is not tried again',
      new PermanentError('run_conflict', 'text'),
      { type: 'run_conflict', nonRetryable: true },
    ],
    ['a retryable one is', new RetryableError('run_conflict', 'text'), { type: 'run_conflict', nonRetryable: false }],
    [
      'a retryable one keeps the wish of the other side',
      new RetryableError('run_conflict', 'text', { retryAfterMs: 1500 }),
      { type: 'run_conflict', nonRetryable: false, nextRetryDelay: 1500 },
    ],
    [
      'invalid input is not tried again',
      new InvalidInputError('text', []),
      { type: 'invalid_input', nonRetryable: true },
    ],
    ['an unforeseen one is tried again', new TypeError('text'), { type: 'internal_error', nonRetryable: false }],
    ['so is a thrown string', 'text', { type: 'internal_error', nonRetryable: false }],
  ])('%s', (_name, thrown, expected) => {
    const failure = toApplicationFailure(thrown, { attempts: 3 });
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ ...expected, message: 'text', details: [{ attempts: 3 }] });
  });

  it.each([undefined, null, 0, {}, Symbol('x')])('has a message for anything thrown: %s', (thrown) => {
    expect(toApplicationFailure(thrown)).toMatchObject({ type: 'internal_error', message: String(thrown) });
  });

  it.each([new CancelledFailure('stop'), new CompleteAsyncError(), ApplicationFailure.retryable('x', 'y')])(
    'is left to Temporal when it is its own: %s',
    (thrown) => {
      expect(toApplicationFailure(thrown)).toBe(thrown);
    },
  );

  it('R-092 holds no secret in its message, its stack or its cause', () => {
    const cause = new Error('token=abcdefgh12345678');
    const failure = toApplicationFailure(new Error('GET https://a.example/?token=abcdefgh12345678', { cause }));
    expect(failure.message).toBe('GET https://a.example/?token=***5678');
    expect(failure.stack).toContain('failure.spec.ts');
    expect(failure.stack).not.toContain('abcdefgh');
    expect(failure.cause).toBe(undefined);
  });

  it('is short', () => {
    expect(toApplicationFailure(new Error('x'.repeat(1_000_000))).message.length).toBe(2000);
  });

  it('comes from a wrapped activity, with the attempts it took; a second wrapper changes nothing', async () => {
    const activity = withFailureMapping(
      withFailureMapping(() => Promise.reject(new PermanentError('run_conflict', 'text'))),
    );
    const call = quietEnvironment({ attempt: 4 }).run(activity);
    await expect(call).rejects.toMatchObject({ type: 'run_conflict', nonRetryable: true, details: [{ attempts: 4 }] });
  });
});
