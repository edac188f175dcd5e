import type { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError, type WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Approval, Person } from '#libs/domain/approvals/approval.ts';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import {
  answerUpdate,
  reassignUpdate,
  pauseUpdate,
  resumeUpdate,
  timeUpdate,
  type AnswerInput,
  type AnswerResult,
} from '#temporal/contract/run-messages.ts';
import { searchAttributes } from '#temporal/contract/names.ts';
import { Recording } from './recording-activities.ts';
import { executeRun, timeSkippingEnvironment, type FinishedRun, type RunOptions } from './run-harness.ts';

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

/** Executes the actions; `answer` acts once the first question stands in the inbox. */
function asked(
  actions: RuleAction[],
  answer: (run: WorkflowHandle, question: Approval, recording: Recording) => Promise<void>,
  { recording = new Recording(), ...more }: RunOptions = {},
): Promise<FinishedRun> {
  return executeRun(environment, actions, {
    ...more,
    recording,
    meanwhile: async (run) => answer(run, await openQuestion(recording), recording),
  });
}

async function openQuestion(recording: Recording, nth = 0): Promise<Approval> {
  return vi.waitFor(
    () => {
      const asked = recording.records.flatMap(({ events }) =>
        events.flatMap((event) => (event.eventType === 'WorkflowPaused' ? [event.correlationToken] : [])),
      );
      const question = recording.approvals.find(({ token }) => token === asked[nth]);
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
const inbox = ({ recording }: FinishedRun) => recording.approvals.at(-1);

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
    const cancelled = await asked([ask()], (handle) => handle.cancel().then(() => undefined));
    expect(await state(cancelled.handle)).toBeUndefined();
    const expired = await executeRun(environment, [ask({ expires_in: { value: 2, unit: 'hours' } })]);
    expect(await state(expired.handle)).toBeUndefined();
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
      // Whoever approved may not know that it was taken; something else is not what they said.
      expect(await send(handle, question, alice)).toEqual({ state: 'open', approved: 1, required: 2 });
      refusals.push(await refusal(send(handle, question, alice, { decision: 'reject' })));
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
    const run = await executeRun(environment, [ask({ approvers: { manager_of_customer: true } })]);
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
    const run = await executeRun(environment, [
      ask({ on_expire: path, expires_in: { value: 2, unit: 'days' } }),
      notify,
    ]);
    expect(run.record).toMatchObject(record);
    expect(types(run).slice(2)).toEqual(events);
    expect(run.record?.duration_ms).toBeGreaterThanOrEqual(2 * 86_400_000);
    expect(inbox(run)?.state).toBe('expired');
  });

  it('reminds those who have not answered, once, before the time is over', async () => {
    const run = await executeRun(environment, [
      ask({ expires_in: { value: 2, unit: 'days' }, remind_before: { value: 3, unit: 'hours' }, on_expire: 'stop' }),
    ]);
    expect(run.recording.reminders).toMatchObject([{ state: 'open', title: 'Pay out 12,000?' }]);
    expect(run.recording.announced).toEqual(['asked alice,bob,carol', 'reminder alice,bob,carol']);
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
    expect(run.recording.announced).toHaveLength(2);
    expect(run.recording.announced[1]).toMatch(/^reassigned /);
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

  it('tells that it was answered before it tells that an operator holds it up', async () => {
    const run = await asked([ask(), notify], async (handle, question, recording) => {
      const by: Person = { userId: 'root', role: 'SESSION_ADMIN' };
      await handle.executeUpdate(pauseUpdate, { args: [{ by, reason: null }] });
      await send(handle, question, alice);
      const told = () => recording.records.flatMap(({ events }) => events.map(({ eventType }) => eventType));
      await expect
        .poll(told, { timeout: 60_000 })
        .toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowPaused']);
      await handle.executeUpdate(resumeUpdate, { args: [{ by, reason: null }] });
    });
    expect(run.events.map((event) => [event.eventType, 'actorId' in event ? event.actorId : null])).toEqual([
      ['WorkflowStarted', null],
      ['WorkflowPaused', 'alice, bob, carol'],
      ['WorkflowResumed', null],
      ['WorkflowPaused', 'root'],
      ['WorkflowResumed', null],
      ['WorkflowCompleted', null],
    ]);
    expect(run.events.slice(0, -1).map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4]);
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

  it('counts a person once, under whatever name they answer', async () => {
    const names = ['7', 'ada@acme.example'];
    const [byId, byMail] = names.map((userId) => ({ userId, names, role: 'SESSION_DEALER' }));
    const codes: unknown[] = [];
    const run = await asked(
      [ask({ required: 2, approvers: { users: [...names, 'bob'] } })],
      async (handle, question) => {
        await send(handle, question, byId!);
        expect(await send(handle, question, byMail!)).toMatchObject({ state: 'open', approved: 1 });
        codes.push(await refusal(send(handle, question, byMail!, { decision: 'reject' })));
        await send(handle, question, bob);
      },
    );
    expect(codes).toEqual(['approval_conflict']);
    expect(inbox(run)?.answers).toMatchObject([
      { by: '7', person: '7' },
      { by: 'bob', person: 'bob' },
    ]);
  });

  it('takes no answer of whoever set it off, under whatever name they sign in', async () => {
    const names = ['7', 'ada@acme.example'];
    const codes: unknown[] = [];
    const input = { context: { brand: 'acme', event: { user_id: 7 } } };
    await asked(
      [ask({ approvers: { users: [...names, 'bob'] } })],
      async (handle, question) => {
        for (const userId of names) codes.push(await refusal(send(handle, question, { userId, names, role: '' })));
        await send(handle, question, bob);
      },
      { input },
    );
    expect(codes).toEqual(['not_entitled', 'not_entitled']);
  });

  it('takes no answer of a session for a brand called "default" when it has none', async () => {
    const codes: unknown[] = [];
    const input = { tenant: 'default', context: { brand: null, event: {} } };
    await asked(
      [ask()],
      async (handle, question) => {
        codes.push(await refusal(send(handle, question, { ...alice, brands: ['default'] })));
        await send(handle, question, alice);
      },
      { input },
    );
    expect(codes).toEqual(['not_entitled']);
  });

  it('does nothing that is asked when its time is over, by the clock that it tells', async () => {
    const codes: unknown[] = [];
    const run = await asked([ask(), notify], async (handle, question) => {
      const told: unknown = await handle
        .executeUpdate(timeUpdate)
        .catch((error: WorkflowUpdateFailedError) => error.cause);
      const now = (told as ApplicationFailure).details?.[0] as string;
      expect(Math.abs(Date.parse(now) - (await environment.currentTimeMs()))).toBeLessThan(60_000);
      codes.push(await refusal(send(handle, question, alice, { validUntil: now })));
      const later = new Date(Date.parse(now) + 600_000).toISOString();
      await send(handle, question, bob, { validUntil: later });
    });
    expect(codes).toEqual(['command_expired']);
    expect(inbox(run)?.answers).toMatchObject([{ by: 'bob' }]);
  });

  it('takes no command that it could not execute, whoever sends it', async () => {
    const nested = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown;
    const wrong: [{ name: string }, object][] = [
      [answerUpdate, { data: 'text' }],
      [answerUpdate, { data: { nested } }],
      [answerUpdate, { data: { text: 'x'.repeat(20_000) } }],
      [answerUpdate, { decision: 'maybe' }],
      [answerUpdate, { by: null }],
      [answerUpdate, { by: { ...alice, names: [7] } }],
      [reassignUpdate, { approvers: { users: 5 } }],
      [reassignUpdate, { approvers: { manager_of_customer: true } }],
      [pauseUpdate, { by: { userId: '' } }],
      [pauseUpdate, { validUntil: 'tomorrow' }],
    ];
    const codes: unknown[] = [];
    await asked([ask()], async (handle, { token }) => {
      const right = { token, decision: 'approve', by: { ...alice, role: 'SESSION_ADMIN' }, comment: null, data: null };
      for (const [update, more] of wrong) {
        codes.push(await refusal(handle.executeUpdate(update.name, { args: [{ ...right, ...more }] })));
      }
      await send(handle, { token }, alice);
    });
    expect(codes).toEqual(wrong.map(() => 'invalid_input'));
  });

  it('has in its history what the inbox and its events tell of an answer', async () => {
    const told: { answers: number; inHistory: number }[] = [];
    const recording = new Recording({}, async ({ run_id, answers }) => {
      told.push({ answers: answers.length, inHistory: await accepted(environment.client.workflow.getHandle(run_id)) });
    });
    const activities = { ...recording.activities };
    recording.activities.recordRun = async (input) => {
      if (input.events.some(({ eventType }) => eventType === 'WorkflowResumed')) {
        const inHistory = await accepted(environment.client.workflow.getHandle(input.executionId));
        told.push({ answers: 2, inHistory });
      }
      await activities.recordRun(input);
    };
    await asked(
      [ask({ required: 2 })],
      async (handle, question) => {
        await send(handle, question, alice);
        await send(handle, question, bob);
      },
      { recording },
    );
    expect(told.length).toBeGreaterThanOrEqual(3);
    for (const { answers, inHistory } of told) expect(inHistory).toBeGreaterThanOrEqual(answers);
    expect(told.at(-1)).toEqual({ answers: 2, inHistory: 2 });
  });

  it('shows in the inbox what was decided, also when it is cancelled while the store is away', async () => {
    let isAway = false;
    const recording = new Recording({}, () =>
      isAway ? Promise.reject(new RetryableError('store_unavailable', 'away')) : Promise.resolve(),
    );
    const run = await asked(
      [ask(), notify],
      async (handle, question) => {
        isAway = true;
        await send(handle, question, alice);
        await handle.cancel();
        await environment.sleep('1 minute');
        isAway = false;
      },
      { recording },
    );
    expect(inbox(run)).toMatchObject({ state: 'approved', answers: [{ by: 'alice' }] });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowFailed']);
    expect(run.recording.calls).toEqual([]);
  });

  it('shows a first answer of two while its events cannot be published', async () => {
    const recording = new Recording();
    const activities = { ...recording.activities };
    let isAway = true;
    recording.activities.recordRun = async (input) => {
      if (isAway && input.events.some(({ eventType }) => eventType === 'WorkflowPaused')) {
        throw new RetryableError('publish_failed', 'away');
      }
      await activities.recordRun(input);
    };
    const first = () => recording.approvals.at(-1);
    await executeRun(environment, [ask({ required: 2 })], {
      recording,
      meanwhile: async (handle) => {
        const open = await vi.waitFor(() => first() ?? Promise.reject(new Error('nobody is asked')), {
          timeout: 60_000,
        });
        await send(handle, open, alice);
        await vi.waitFor(() => expect(first()?.answers).toMatchObject([{ by: 'alice' }]), { timeout: 60_000 });
        isAway = false;
        await send(handle, open, bob);
      },
    });
    expect(first()).toMatchObject({ state: 'approved' });
  });

  it('fails where somebody sees it when its question can never be stored', async () => {
    const never = new PermanentError('store_rejected', 'The store cannot hold this value');
    const atOnce = await executeRun(environment, [ask()], {
      recording: new Recording({}, () => Promise.reject(never)),
    });
    expect(atOnce.record).toMatchObject({ status: 'failed', error: { code: 'store_rejected', action: 'action-0' } });
    const recording = new Recording({}, ({ answers }) =>
      answers.length > 0 ? Promise.reject(never) : Promise.resolve(),
    );
    const later = await asked([ask({ required: 2 })], (h, q) => send(h, q, alice).then(() => undefined), { recording });
    expect(later.record).toMatchObject({ status: 'failed', error: { code: 'store_rejected', action: 'action-0' } });
  });

  it('has a token that an activity drew: nobody can compute it from the id of the run', async () => {
    const recording = new Recording();
    recording.activities.drawToken = () => Promise.resolve('d'.repeat(64));
    const run = await asked([ask()], (h, q) => send(h, q, alice).then(() => undefined), { recording });
    expect(inbox(run)?.token).toBe('d'.repeat(64));
  });
});

/** How many answers the history holds. */
async function accepted(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null).length ?? 0;
}
