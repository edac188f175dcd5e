import type { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError, type WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Approval, Person } from '#libs/domain/approval.ts';
import type { RuleAction } from '#libs/domain/rule.ts';
import { answerUpdate, reassignUpdate, type AnswerInput, type AnswerResult } from '#temporal/contract/people.ts';
import { searchAttributes } from '#temporal/contract/names.ts';
import { Recording } from './recording-activities.ts';
import { carryOut, timeSkippingEnvironment, type FinishedRun, type RunOptions } from './run-harness.ts';

const notify: RuleAction = { type: 'notify.manager', params: {} };
const ask = (params: Record<string, unknown> = {}): RuleAction => ({
  type: 'approval.request',
  params: { title: 'Pay out 12,000?', approvers: { users: ['alice', 'bob', 'carol'] }, ...params },
});
const alice: Person = { userId: 'alice', role: 'SESSION_MANAGER' };
const bob: Person = { userId: 'bob', role: 'SESSION_MANAGER' };

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

/** Carries out the actions; `answer` acts once the first question stands in the inbox. */
function asked(
  actions: RuleAction[],
  answer: (run: WorkflowHandle, question: Approval, recording: Recording) => Promise<void>,
  { recording = new Recording(), ...more }: RunOptions = {},
): Promise<FinishedRun> {
  return carryOut(environment, actions, {
    ...more,
    recording,
    meanwhile: async (run) => answer(run, await openQuestion(recording), recording),
  });
}

async function openQuestion(recording: Recording, nth = 0): Promise<Approval> {
  return vi.waitFor(
    () => {
      const questions = recording.records.flatMap(({ approval, events }) =>
        approval !== undefined && events[0]?.eventType === 'WorkflowPaused' ? [approval] : [],
      );
      const question = questions[nth];
      if (question === undefined) throw new Error('nobody has been asked');
      return question;
    },
    { timeout: 30_000 },
  );
}

function send(
  run: WorkflowHandle,
  { token }: Pick<Approval, 'token'>,
  by: Person,
  more: Partial<AnswerInput> = {},
): Promise<AnswerResult> {
  const input: AnswerInput = { token, decision: 'approve', by, comment: null, data: null, ...more };
  return run.executeUpdate<AnswerResult, [AnswerInput]>(answerUpdate, { args: [input] });
}

/** The code of the refusal. */
async function refusal(answer: Promise<unknown>): Promise<string | null | undefined> {
  const error: unknown = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WorkflowUpdateFailedError)) throw new Error('it was not refused', { cause: error });
  return (error.cause as ApplicationFailure).type;
}

const types = ({ events }: FinishedRun) => events.map(({ eventType }) => eventType);
const inbox = ({ recording }: FinishedRun) => recording.records.flatMap(({ approval }) => approval ?? []).at(-1);

describe('a run that asks for an approval', () => {
  it('R-314 R-315 R-331 R-332 R-333 R-334 R-335 R-336 says that it waits, for whom and until when, and who let it go on', async () => {
    const run = await asked([ask({ expires_in: { value: 2, unit: 'hours' } }), notify], async (handle, question) => {
      await send(handle, question, alice, { comment: 'fine' });
    });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted']);
    const [, paused, resumed] = run.events;
    const token = inbox(run)?.token ?? '';
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(paused).toMatchObject({
      sequence: 1,
      suspendedNodeId: 'action-0',
      correlationToken: token,
      actorId: 'alice, bob, carol',
      expiresAt: inbox(run)?.expires_at,
    });
    expect(resumed).toMatchObject({ sequence: 2, resumedBy: 'alice', correlationToken: token });
    expect(run.recording.calls.map(({ activity }) => activity)).toEqual(['notifyManager']);
    expect(run.record?.actions[0]).toMatchObject({ status: 'completed', detail: 'approved by alice ("fine")' });
    expect(inbox(run)).toMatchObject({ state: 'approved', answers: [{ by: 'alice', decision: 'approve' }] });
  });

  it('can be searched for in Temporal while it waits, and only then', async () => {
    const state = async (handle: WorkflowHandle): Promise<unknown> =>
      (await handle.describe()).typedSearchAttributes.get(searchAttributes.runState);
    const run = await asked([ask(), notify], async (handle, question) => {
      await vi.waitFor(async () => expect(await state(handle)).toBe('paused'), { timeout: 30_000 });
      await send(handle, question, alice);
    });
    expect(await state(run.handle)).toBeUndefined();
  });

  it('R-319 is paused in the run log while it waits, and running afterwards', async () => {
    const run = await asked([ask(), notify], (handle, question) => send(handle, question, alice).then(() => undefined));
    const states = run.recording.records.flatMap((told) => (told.run === null ? [] : [told.run.status]));
    expect(states).toEqual(['paused', 'running', 'completed']);
  });

  it('waits for as many as it needs, each of them once', async () => {
    const refusals: unknown[] = [];
    const run = await asked([ask({ required: 2 }), notify], async (handle, question) => {
      expect(await send(handle, question, alice)).toEqual({ state: 'open', approved: 1, required: 2 });
      refusals.push(await refusal(send(handle, question, alice)));
      expect(await send(handle, question, bob)).toEqual({ state: 'approved', approved: 2, required: 2 });
    });
    expect(refusals).toEqual(['approval_conflict']);
    expect(run.record?.actions[0]?.detail).toBe('approved by alice, bob (2 of 2)');
    expect(types(run).filter((type) => type === 'WorkflowResumed')).toHaveLength(1);
  });

  it('R-350 refuses whoever may not answer, with nothing changed and no event', async () => {
    const codes: unknown[] = [];
    const input = { context: { brand: 'acme', event: { user_id: 'carol' } }, triggeredBy: 'bob' };
    const run = await asked(
      [ask({ approvers: { users: ['bob', 'carol'], roles: ['SESSION_ADMIN'] } })],
      async (handle, question) => {
        codes.push(
          await refusal(send(handle, question, alice)),
          await refusal(send(handle, question, bob)),
          await refusal(send(handle, question, { userId: 'carol', role: 'SESSION_DEALER' })),
          await refusal(send(handle, question, { userId: 'dan', role: 'SESSION_ADMIN', brands: ['other'] })),
          await refusal(send(handle, { token: 'f'.repeat(64) }, { userId: 'dan', role: 'SESSION_ADMIN' })),
        );
        await send(handle, question, { userId: 'dan', role: 'SESSION_ADMIN', brands: ['acme'] });
      },
      { input },
    );
    expect(codes).toEqual(['not_entitled', 'not_entitled', 'not_entitled', 'not_entitled', 'approval_conflict']);
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted']);
    expect(inbox(run)?.answers).toMatchObject([{ by: 'dan' }]);
  });

  it('lets the one who set it off approve where the rule allows it', async () => {
    const run = await asked([ask({ forbid_initiator: false })], (h, q) => send(h, q, alice).then(() => undefined), {
      input: { triggeredBy: 'alice' },
    });
    expect(run.record?.status).toBe('completed');
  });

  it("asks the customer's manager", async () => {
    const recording = new Recording();
    recording.managers = ['7', 'ada@acme.example'];
    const ada = { userId: 'ada@acme.example', role: 'SESSION_CRM_MANAGER' };
    const run = await asked(
      [ask({ approvers: { manager_of_customer: true } })],
      (h, q) => send(h, q, ada).then(() => undefined),
      {
        recording,
      },
    );
    expect(run.record?.actions[0]?.detail).toBe('approved by ada@acme.example');
  });

  it('fails when it has nobody to ask', async () => {
    const run = await carryOut(environment, [ask({ approvers: { manager_of_customer: true } })]);
    expect(run.record?.error).toMatchObject({ code: 'approver_not_found' });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowFailed']);
  });

  it.each([
    ['fail', { status: 'failed', error: { code: 'Rejected', action: 'action-0' } }, 'WorkflowFailed', 0],
    ['continue', { status: 'completed', error: null }, 'WorkflowCompleted', 1],
    ['stop', { reason: 'rejected', actions: [{}, { status: 'not_run' }] }, 'WorkflowCompleted', 0],
  ] as const)('goes the way of on_reject: %s', async (path, record, last, notified) => {
    const run = await asked([ask({ on_reject: path, required: 2 }), notify], async (handle, question) => {
      await send(handle, question, bob, { decision: 'reject', comment: 'too much' });
    });
    expect(run.record).toMatchObject(record);
    expect(types(run).slice(2)).toEqual(['WorkflowResumed', last]);
    expect(run.recording.calls).toHaveLength(notified);
    expect(inbox(run)?.state).toBe('rejected');
  });

  it.each([
    ['fail', { status: 'failed', error: { code: 'PauseExpired' } }, ['WorkflowFailed']],
    ['continue', { status: 'completed', error: null }, ['WorkflowResumed', 'WorkflowCompleted']],
    ['stop', { status: 'completed', reason: 'expired' }, ['WorkflowResumed', 'WorkflowCompleted']],
  ] as const)('goes the way of on_expire: %s, in its own time', async (path, record, events) => {
    const run = await carryOut(environment, [ask({ on_expire: path, expires_in: { value: 2, unit: 'days' } }), notify]);
    expect(run.record).toMatchObject(record);
    expect(types(run).slice(2)).toEqual(events);
    expect(run.record?.duration_ms).toBeGreaterThanOrEqual(2 * 86_400_000);
    expect(inbox(run)?.state).toBe('expired');
  });

  it('reminds those who have not answered, once, before the time is over', async () => {
    const run = await carryOut(environment, [
      ask({ expires_in: { value: 2, unit: 'days' }, remind_before: { value: 3, unit: 'hours' }, on_expire: 'stop' }),
    ]);
    expect(run.recording.reminders).toMatchObject([{ state: 'open', title: 'Pay out 12,000?' }]);
  });

  it('can be given into other hands by an administrator, and by nobody else', async () => {
    const codes: unknown[] = [];
    const admin = { userId: 'root', role: 'SESSION_ADMIN' };
    const approvers = { users: ['dan'], roles: [] };
    const run = await asked([ask()], async (handle, { token }) => {
      const reassign = (by: Person): Promise<unknown> =>
        handle.executeUpdate(reassignUpdate, { args: [{ token, approvers, by, reason: 'on leave' }] });
      codes.push(await refusal(reassign(alice)));
      await reassign(admin);
      codes.push(await refusal(send(handle, { token }, alice)));
      await send(handle, { token }, { userId: 'dan', role: 'SESSION_DEALER' });
    });
    expect(codes).toEqual(['not_entitled', 'not_entitled']);
    expect(inbox(run)).toMatchObject({
      state: 'approved',
      reassignments: [{ by: 'root', reason: 'on leave', from: { users: ['alice', 'bob', 'carol'] } }],
    });
  });

  it('asks one question after the other, each with a token of its own', async () => {
    const codes: unknown[] = [];
    const run = await asked([ask(), ask({ title: 'Sure?' })], async (handle, first, recording) => {
      await send(handle, first, alice);
      const second = await openQuestion(recording, 1);
      codes.push(await refusal(send(handle, first, bob)));
      expect(second.token).not.toBe(first.token);
      await send(handle, second, alice);
    });
    expect(codes).toEqual(['approval_conflict']);
    expect(types(run)).toEqual([
      'WorkflowStarted',
      'WorkflowPaused',
      'WorkflowResumed',
      'WorkflowPaused',
      'WorkflowResumed',
      'WorkflowCompleted',
    ]);
  });

  it('R-351 closes its question when it is cancelled', async () => {
    const run = await asked([ask(), notify], async (handle) => {
      await handle.cancel();
    });
    expect((run.error as WorkflowFailedError).cause?.name).toBe('CancelledFailure');
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowFailed']);
    expect(run.events.at(-1)).toMatchObject({ errorType: 'Cancelled', failedNodeId: 'action-0' });
    expect(inbox(run)?.state).toBe('cancelled');
  });
});
