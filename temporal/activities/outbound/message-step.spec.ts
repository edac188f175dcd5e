import { CompleteAsyncError } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import type { KeptOutcome } from '#libs/domain/runs/call-outcome.ts';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { TriesSoFar } from '#temporal/contract/activities.ts';
import type { Taken } from './attempt-line.ts';
import { withFailureMapping } from '../failure.ts';
import { messageActivity } from './message-step.ts';

const subject = { executionId: 'r:e', tenant: 'default', ruleId: 'r', ruleName: 'R', eventId: 'e' };
const input = { ...subject, customerId: null, login: null, key: 'r:e/action-0' };

/** What is behind a message, noting its course. */
class World {
  readonly course: string[] = [];
  readonly kept = new Map<string, KeptOutcome>();
  prepare: () => Promise<void> = () => Promise.resolve();
  send: () => Promise<void> = () => Promise.resolve();
  taken: () => Promise<Taken> = () => Promise.resolve('taken');

  async deliver(
    info: { attempt?: number; heartbeatDetails?: unknown } = {},
    more: { tries?: TriesSoFar; executionId?: string } = {},
  ): Promise<unknown> {
    const note = <T>(step: string, work: () => Promise<T>): Promise<T> => (this.course.push(step), work());
    const prepare = async () => {
      await note('prepare', this.prepare);
      return () => note('send', this.send).then(() => ({ detail: 'SMS' }));
    };
    const step = messageActivity(prepare, {
      maxUnanswered: 2,
      attemptLine: () => ({
        heartbeat: (details) => note(String(details), this.taken),
        complete: () => note('complete', this.taken),
      }),
      callOutcomes: {
        put: (outcomes) => Promise.resolve(outcomes.forEach((one) => void this.kept.set(one.key, one))),
        get: (keys) => Promise.resolve(keys.flatMap((key) => this.kept.get(key) ?? [])),
      },
    });
    const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
    return environment.run(withFailureMapping(step), { ...input, ...more }).catch((thrown: unknown) => thrown);
  }
}

const unanswered = new RetryableError('sms_timeout', 'no answer', { unanswered: true });
const refused = new RetryableError('sms_deferred', '503', { retryAfterMs: 5 });
const triedBy = (failure: unknown) => (failure as ApplicationFailure).details?.[0];

describe('a message', () => {
  it('is handed over only after Temporal has noted so', async () => {
    const world = new World();
    expect(await world.deliver()).toBeInstanceOf(CompleteAsyncError);
    expect(world.course).toEqual(['prepare', 'handed_over', 'send', 'complete']);
  });

  it('is not handed over by an attempt that another one has taken the place of', async () => {
    const world = new World();
    world.taken = () => Promise.resolve('gone');
    await world.deliver();
    expect(world.course).toEqual(['prepare', 'handed_over']);
  });

  it('waits without spending an attempt while our store is away', async () => {
    const world = new World();
    world.prepare = () => Promise.reject(new RetryableError('store_unavailable', 'away'));
    const failure = await world.deliver();
    expect(failure).toMatchObject({ type: 'store_unavailable', nonRetryable: false });
    expect(triedBy(failure)).not.toHaveProperty('tried');
    expect(world.course).toEqual(['prepare']);
  });

  it('that surely was not taken says when to try again', async () => {
    const world = new World();
    world.send = () => Promise.reject(refused);
    const failure = await world.deliver({}, { tries: { made: 7, unanswered: 0 } });
    expect(failure).toMatchObject({ type: 'sms_deferred', message: '503', nonRetryable: true });
    expect(triedBy(failure)).toEqual({ attempts: 8, tried: { again: true, afterMs: 5 } });
  });

  it('is tried for the first time where its tries were not counted: the run began under an older build', async () => {
    const world = new World();
    world.send = () => Promise.reject(refused);
    expect(triedBy(await world.deliver())).toMatchObject({ attempts: 1 });
  });

  it.each([
    [0, true, 'handed over once without an answer, so it may have been delivered'],
    [1, false, 'handed over 2 times without an answer, so it may have been delivered'],
  ])('that is not answered is tried again after %d of the kind: %s', async (before, again, says) => {
    const world = new World();
    world.send = () => Promise.reject(unanswered);
    const failure = await world.deliver({}, { tries: { made: before, unanswered: before } });
    expect(triedBy(failure)).toMatchObject({ tried: { again, unanswered: true } });
    expect((failure as Error).message).toBe(`no answer (${says})`);
  });

  it('that is refused after one that was not answered says that it may have been delivered', async () => {
    const world = new World();
    world.send = () => Promise.reject(new PermanentError('sms_refused', '400'));
    const failure = await world.deliver({}, { tries: { made: 1, unanswered: 1 } });
    expect(failure).toMatchObject({ type: 'sms_refused', details: [{ tried: { again: false } }] });
    expect((failure as Error).message).toContain('may have been delivered');
  });

  it('whose worker was lost after it was handed over counts as not answered, and is not sent again by itself', async () => {
    const world = new World();
    const failure = await world.deliver({ attempt: 2, heartbeatDetails: 'handed_over' });
    expect(failure).toMatchObject({ type: 'worker_lost', nonRetryable: true });
    expect(triedBy(failure)).toMatchObject({ tried: { again: true, unanswered: true } });
    expect(world.course).toEqual([]);
  });

  it.each([
    ['another attempt', { attempt: 2, heartbeatDetails: 'handed_over' }, {}],
    ['the next try', {}, { tries: { made: 1, unanswered: 1 } }],
    ['a retry of the run', {}, { executionId: 'retry-1/r:e' }],
  ])('that was answered while Temporal was away is not sent again by %s', async (_who, info, more) => {
    const world = new World();
    let isAway = false;
    world.send = () => Promise.resolve(void (isAway = true));
    world.taken = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve('taken'));
    const first = world.deliver();
    await expect.poll(() => [...world.kept.keys()], { timeout: 60_000 }).toEqual(['r:e/action-0']);
    isAway = false;
    await first;
    world.course.length = 0;
    expect(await world.deliver(info, more)).toBeInstanceOf(CompleteAsyncError);
    expect(world.course).toEqual(['complete']);
  });
});
