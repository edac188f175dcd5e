/** What incoming webhooks do to runs: data that comes with answers, actions that are cancelled, and data that changes. */
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Approval, Person } from '#libs/domain/approvals/approval.ts';
import type { RunData } from '#libs/domain/context/run-data.ts';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { compileActions } from '#libs/domain/actions/render-actions.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import type { RequestOrigin, RunInput } from '#libs/domain/runs/run.ts';
import type { AddNoteInput, SendEmailInput, WebhookSendInput } from '#temporal/contract/activities.ts';
import {
  answerUpdate,
  cancelApprovalUpdate,
  cancelledBySignal,
  pauseUpdate,
  reassignUpdate,
  resumeUpdate,
  type AnswerInput,
  type AnswerResult,
  type CancelApprovalInput,
  type ReassignInput,
} from '#temporal/contract/run-messages.ts';
import { Recording } from './recording-activities.ts';
import { executeRun, timeSkippingEnvironment, type FinishedRun, type RunOptions } from './run-harness.ts';

const note = (body: string): RuleAction => ({ type: 'add_note', params: { body } });
const wait: RuleAction = { type: 'delay', params: { value: 3, unit: 'days' } };
const ask = (params: Record<string, unknown> = {}): RuleAction => ({
  type: 'approval.request',
  params: { title: 'Pay out?', approvers: { users: ['alice', 'bob'] }, ...params },
});
const alice: Person = { userId: 'alice', role: 'SESSION_MANAGER' };
const bob: Person = { userId: 'bob', role: 'SESSION_MANAGER' };
const svc: Person = { userId: 'svc', role: '' };

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const origin: RequestOrigin = { process: 'PAY', version: 1, isTest: false, folder: null };

/** A request of a process with these actions, as it is started. */
function request(
  templates: RuleAction[],
  data: RunData = {},
  more: Partial<RunInput> = {},
): [RuleAction[], Partial<RunInput>] {
  const context = { brand: 'acme', event: {}, data, ...more.context };
  const render = compileActions(templates);
  const actions = render?.(context) ?? templates;
  const from = render === null ? origin : { ...origin, templates };
  return [actions, { number: 42, request: from, ...more, context }];
}

function asked(
  [actions, input]: [RuleAction[], Partial<RunInput>],
  act: (run: WorkflowHandle, question: Approval, recording: Recording) => Promise<unknown>,
  { recording = new Recording(), ...more }: RunOptions = {},
): Promise<FinishedRun> {
  return executeRun(environment, actions, {
    ...more,
    input,
    recording,
    meanwhile: async (run) => void (await act(run, await openQuestion(recording), recording)),
  });
}

function openQuestion({ approvals, records }: Recording, title?: string): Promise<Approval> {
  const asks = (token: string): boolean =>
    records.some(({ events }) =>
      events.some((one) => one.eventType === 'WorkflowPaused' && one.correlationToken === token),
    );
  return vi.waitFor(
    () => {
      const found = approvals.find((one) => asks(one.token) && (title === undefined || one.title === title));
      if (found === undefined) throw new Error('nobody has been asked');
      return found;
    },
    { timeout: 30_000 },
  );
}

const send = (run: WorkflowHandle, { token }: Approval, by: Person, more: Partial<AnswerInput> = {}) =>
  run.executeUpdate<AnswerResult, [AnswerInput]>(answerUpdate, {
    args: [{ token, decision: 'approve', by, comment: null, data: null, ...more }],
  });

const cancel = (run: WorkflowHandle, { token }: Approval, more: Partial<CancelApprovalInput> = {}) =>
  run.executeUpdate(cancelApprovalUpdate, {
    args: [{ token, by: svc, type: 'CANCEL', message: null, source: null, authority: 'administrator', ...more }],
  });

const reassign = (run: WorkflowHandle, { token }: Approval, more: Partial<ReassignInput>) =>
  run.executeUpdate(reassignUpdate, { args: [{ token, by: svc, approvers: null, reason: null, ...more }] });

/** `taken`, or the code of the refusal. */
async function code(command: Promise<unknown>): Promise<string | null | undefined> {
  try {
    await command;
    return 'taken';
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return (error.cause as ApplicationFailure).type;
  }
}

const types = ({ events }: FinishedRun) => events.map(({ eventType }) => eventType);
const inbox = ({ recording }: FinishedRun) => recording.approvals.at(-1);
const notes = ({ recording }: FinishedRun) =>
  recording.calls.flatMap(({ activity, input }) => (activity === 'addNote' ? [(input as AddNoteInput).body] : []));
const mails = ({ recording }: FinishedRun) =>
  recording.calls.flatMap(({ activity, input }) => (activity === 'sendEmail' ? [input as SendEmailInput] : []));
const told = (recording: Recording, type: string): Promise<void> =>
  vi.waitFor(
    () => expect(recording.records.flatMap(({ events }) => events.map(({ eventType }) => eventType))).toContain(type),
    { timeout: 30_000 },
  );

describe('an action that waits', () => {
  it('says by which number it is named, and along which exception paths it can be left', async () => {
    const params = { on_error: 'stop', on_exception: 'continue' };
    const run = await asked(request([ask(params)]), (handle, question) => send(handle, question, alice));
    expect(inbox(run)).toMatchObject({ request_number: 42, action: 0, exceptions: ['CANCEL', 'ERROR'] });
    const one = await asked(request([ask({ on_cancel: 'stop' })]), (handle, question) => send(handle, question, alice));
    expect(inbox(one)).toMatchObject({ exceptions: ['CANCEL'] });
    const none = await asked([[ask()], {}], (handle, question) => send(handle, question, alice));
    expect(inbox(none)).not.toHaveProperty('exceptions');
    expect(inbox(none)).not.toHaveProperty('request_number');
  });

  it.each([
    ['CANCEL', 'fail', { status: 'failed', error: { code: 'ActionCancelled' } }, 'WorkflowFailed', []],
    ['CANCEL', 'continue', { status: 'completed', error: null }, 'WorkflowCompleted', ['after']],
    ['CANCEL', 'stop', { status: 'completed', reason: 'action_cancelled' }, 'WorkflowCompleted', []],
    ['ERROR', 'fail', { status: 'failed', error: { code: 'ActionError' } }, 'WorkflowFailed', []],
    ['ERROR', 'continue', { status: 'completed', error: null }, 'WorkflowCompleted', ['after']],
    ['ERROR', 'stop', { status: 'completed', reason: 'action_error' }, 'WorkflowCompleted', []],
  ] as const)('R-265 R-266 is cancelled by %s and goes that path: %s', async (type, path, record, last, after) => {
    const params = type === 'CANCEL' ? { on_cancel: path } : { on_exception: path, on_cancel: 'stop' };
    const more = { type, message: 'Bank said no, password=hunter2secret', source: 'payment-gateway' };
    const run = await asked(request([ask(params), note('after')]), (handle, question) =>
      cancel(handle, question, more),
    );
    expect(run.record).toMatchObject(record);
    const [action] = run.record?.actions ?? [];
    const said = action?.error?.message ?? action?.detail ?? '';
    expect(said).toMatch(/ by svc: Bank said no, password=\*+.* \(payment-gateway\)/);
    expect(said).not.toContain('hunter2secret');
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', last]);
    expect(run.events[2]).toMatchObject({ resumedBy: 'svc' });
    expect(notes(run)).toEqual(after);
    const exception = { type, by: 'svc', source: 'payment-gateway' };
    expect(inbox(run)).toMatchObject({ state: 'cancelled', answers: [], exception });
    expect(inbox(run)?.exception?.message).not.toContain('hunter2secret');
  });

  it('R-258 R-259 R-263 R-264 is not cancelled without a path, once it is decided, or by whoever may not', async () => {
    const codes: unknown[] = [];
    const run = await asked(
      request([ask({ on_cancel: 'continue' }), ask({ title: 'Sure?' })]),
      async (handle, first, recording) => {
        const assignee = { authority: 'assignee' as const };
        codes.push(
          await code(cancel(handle, first, { type: 'ERROR' })),
          await code(cancel(handle, first, { by: { ...svc, brands: ['other'] } })),
          await code(cancel(handle, first, assignee)),
          await code(cancel(handle, first, { authority: 'initiator' })),
          await code(cancel(handle, first, { ...assignee, by: alice, validUntil: '2020-01-01T00:00:00.000Z' })),
          await code(cancel(handle, { ...first, token: 'f'.repeat(64) })),
        );
        await cancel(handle, first, { ...assignee, by: alice });
        const second = await openQuestion(recording, 'Sure?');
        codes.push(
          await code(cancel(handle, first, { ...assignee, by: alice })),
          await code(cancel(handle, first, { by: bob })),
          await code(cancel(handle, first, { by: alice, type: 'ERROR' })),
          await code(send(handle, first, bob)),
          await code(cancel(handle, second)),
        );
        await send(handle, second, alice);
      },
    );
    expect(codes).toEqual([
      'no_exception_path',
      'not_entitled',
      'not_entitled',
      'not_entitled',
      'command_expired',
      'approval_conflict',
      'taken',
      'approval_conflict',
      'approval_conflict',
      'approval_conflict',
      'no_exception_path',
    ]);
    expect(run.record?.status).toBe('completed');
  });

  it('is not cancelled any more when its time is over', async () => {
    const codes: unknown[] = [];
    const params = { on_cancel: 'continue', on_expire: 'continue', expires_in: { value: 1, unit: 'hours' } };
    const run = await asked(request([ask(params), ask({ title: 'Sure?' })]), async (handle, first, recording) => {
      await environment.sleep('1 hour');
      codes.push(await code(cancel(handle, first)));
      await send(handle, await openQuestion(recording, 'Sure?'), alice);
    });
    expect(codes).toEqual(['approval_expired']);
    expect(run.recording.approvals.find(({ state }) => state === 'expired')).not.toHaveProperty('exception');
    expect(run.recording.approvals.some(({ exception }) => exception !== undefined)).toBe(false);
  });

  it('R-258 is cancelled, or completed, by one of those whose commands come with one workflow task', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let isHeld = false;
    // The workflow task that writes the first answer into the inbox goes on for as long as that takes.
    const recording = new Recording({}, ({ answers }) => {
      isHeld = answers.length > 0;
      return isHeld ? released : Promise.resolve();
    });
    const codes: string[] = [];
    const run = await asked(
      request([ask({ required: 2, on_exception: 'continue' })]),
      async (handle, question) => {
        await send(handle, question, alice);
        await vi.waitFor(() => expect(isHeld).toBe(true), { timeout: 30_000 });
        const commands = [
          cancel(handle, question, { by: svc }),
          cancel(handle, question, { by: { ...svc, userId: 'eve' }, type: 'ERROR' }),
          send(handle, question, bob, { parameters: { BY: 'bob' } }),
        ].map(code);
        setTimeout(release, 1000);
        codes.push(...(await Promise.all(commands)).map(String));
      },
      { recording },
    );
    expect(codes.toSorted()).toEqual(['approval_conflict', 'approval_conflict', 'taken']);
    expect(run.recording.saves).toHaveLength(codes[2] === 'taken' ? 1 : 0);
    expect(inbox(run)?.exception?.by).toBe([svc.userId, 'eve', undefined][codes.indexOf('taken')]);
  });

  it('takes no command that it could not execute, whoever sends it', async () => {
    const codes: unknown[] = [];
    await asked(request([ask({ on_exception: 'stop' })]), async (handle, question) => {
      const wrong = { type: 'STOP', authority: 'king', message: 5, source: {}, token: '' };
      for (const [name, value] of Object.entries(wrong))
        codes.push(await code(cancel(handle, question, { [name]: value })));
      for (const parameters of ['text', ['x'], { A: true }, { A: { no: 'file' } }, { A: 'x'.repeat(131_072) }, null]) {
        codes.push(await code(send(handle, question, alice, { parameters: parameters as unknown as RunData })));
      }
      codes.push(await code(reassign(handle, question, { authority: 'king' as 'initiator' })));
      await send(handle, question, alice, { parameters: { A: 'x'.repeat(131_000) } });
    });
    expect(codes).toEqual(Array(12).fill('invalid_input'));
  });
});

describe('whom an action asks', () => {
  it('R-268 R-274 is said by those whom the directory lets, and is again whom the rule names', async () => {
    const codes: unknown[] = [];
    const dan = { userId: 'dan', role: '' };
    const run = await asked(request([ask()]), async (handle, question) => {
      const approvers = { users: ['dan'], roles: [] };
      codes.push(
        await code(reassign(handle, question, { approvers })),
        await code(reassign(handle, question, { approvers, authority: 'assignee' })),
        await code(reassign(handle, question, { approvers, authority: 'initiator' })),
        await code(
          reassign(handle, question, { approvers, authority: 'supervisor', by: { ...svc, brands: ['other'] } }),
        ),
        await code(
          reassign(handle, question, { approvers, authority: 'supervisor', by: { ...svc, brands: ['acme'] } }),
        ),
        await code(send(handle, question, alice)),
        await code(
          reassign(handle, question, { approvers: { users: ['eve'], roles: [] }, authority: 'folder_manager' }),
        ),
        await code(reassign(handle, question, { authority: 'administrator' })),
        await code(reassign(handle, question, { authority: 'administrator' })),
        await code(send(handle, question, dan)),
        await code(send(handle, question, alice)),
      );
    });
    expect(codes).toEqual([
      'not_entitled',
      'not_entitled',
      'not_entitled',
      'not_entitled',
      'taken',
      'not_entitled',
      'taken',
      'taken',
      'taken',
      'not_entitled',
      'taken',
    ]);
    expect(inbox(run)).toMatchObject({ approvers: { users: ['alice', 'bob'], roles: [] } });
    expect(inbox(run)?.reassignments.map(({ from }) => from.users)).toEqual([['alice', 'bob'], ['dan'], ['eve']]);
  });
});

describe('data that comes with an answer', () => {
  it('R-251 is saved of each answer that is taken before the run goes on, and stands nowhere else', async () => {
    const codes: unknown[] = [];
    const secret = 'only-in-the-data';
    const templates = [ask({ required: 2 }), note('{{ data.A }} {{ data.B }} {{ data.C }}')];
    const run = await asked(request(templates, { A: 'a', B: 'b', C: 'c' }), async (handle, question, { changes }) => {
      const first = { parameters: { A: secret, B: 'alice' } };
      await send(handle, question, alice, first);
      expect(changes.get(question.run_id)).toEqual({ A: secret, B: 'alice' });
      codes.push(
        await code(send(handle, question, alice, first)),
        await code(send(handle, question, alice)),
        await code(send(handle, question, alice, { parameters: { A: 'other' } })),
        await code(send(handle, question, svc, { parameters: { A: 'nobody' } })),
      );
      await send(handle, question, bob, { parameters: { B: 'bob' } });
    });
    expect(codes).toEqual(['taken', 'taken', 'approval_conflict', 'not_entitled']);
    expect(run.recording.saves.map(({ values }) => values)).toEqual([{ A: secret, B: 'alice' }, { B: 'bob' }]);
    expect(notes(run)).toEqual([`${secret} bob c`]);
    expect(run.record?.status).toBe('completed');
    const { approvals, records, actionReports, runReports } = run.recording;
    expect(JSON.stringify([approvals, records, actionReports, runReports])).not.toContain(secret);
    const summaries = (await run.handle.fetchHistory()).events?.map(({ userMetadata }) => userMetadata);
    expect(JSON.stringify(summaries)).not.toContain(secret);
  });

  it('is saved once the answer is durable, however long the store is away, also where the run is cancelled', async () => {
    let isAway = true;
    const recording = new Recording({
      saveRunData: () => {
        if (isAway) throw new RetryableError('store_unavailable', 'away');
      },
    });
    const inHistory: number[] = [];
    const activities = { ...recording.activities };
    recording.activities.saveRunData = async (input) => {
      const [run] = input.key.split('/');
      expect(run).toMatch(/^[0-9a-f]{64}$/);
      const { events } = await environment.client.workflow.getHandle(input.runId).fetchHistory();
      inHistory.push((events ?? []).filter((one) => one.workflowExecutionUpdateAcceptedEventAttributes != null).length);
      return activities.saveRunData(input);
    };
    const run = await asked(
      request([ask(), note('{{ data.A }}')], { A: 'old' }),
      async (handle, question) => {
        const answer = send(handle, question, alice, { parameters: { A: 'new' } });
        await vi.waitFor(() => expect(inHistory.length).toBeGreaterThan(0), { timeout: 30_000 });
        await handle.cancel();
        await environment.sleep('1 minute');
        isAway = false;
        await answer;
      },
      { recording },
    );
    expect(Math.min(...inHistory)).toBe(1);
    expect(run.recording.changes.get(run.input.executionId)).toEqual({ A: 'new' });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowFailed']);
    expect(run.record?.error?.code).toBe('Cancelled');
  });

  it('R-251 is waited for before the run goes on', async () => {
    let isAway = true;
    let attempts = 0;
    const recording = new Recording({
      saveRunData: () => {
        attempts += 1;
        if (isAway) throw new RetryableError('store_unavailable', 'away');
      },
    });
    const run = await asked(
      request([ask(), note('{{ data.A }}')], { A: 'old' }),
      async (handle, question) => {
        const answer = send(handle, question, alice, { parameters: { A: 'new' } });
        await vi.waitFor(() => expect(attempts).toBeGreaterThan(3), { timeout: 30_000 });
        expect(recording.calls).toEqual([]);
        expect(recording.records.flatMap(({ events }) => events).map(({ eventType }) => eventType)).not.toContain(
          'WorkflowResumed',
        );
        isAway = false;
        await answer;
      },
      { recording },
    );
    expect(notes(run)).toEqual(['new']);
  });

  it('fails the run, where everybody sees it, when it can never be saved', async () => {
    const recording = new Recording({
      saveRunData: () => {
        throw new PermanentError('invalid_parameter', 'too long');
      },
    });
    const codes: unknown[] = [];
    const run = await asked(
      request([ask(), note('after')]),
      async (handle, question) => codes.push(await code(send(handle, question, alice, { parameters: { A: 1 } }))),
      { recording },
    );
    expect(codes).toEqual(['invalid_parameter']);
    expect(run.record).toMatchObject({ status: 'failed', error: { code: 'invalid_parameter', action: 'action-0' } });
    expect(inbox(run)?.state).toBe('approved');
    expect(notes(run)).toEqual([]);
  });
});

describe('a request that is cancelled', () => {
  it.each([true, false, undefined])(
    'R-247 tells those who are asked as it is wished: %s',
    async (notifiesParticipants) => {
      const run = await asked(request([ask({ required: 2 })]), async (handle, question) => {
        await send(handle, question, alice);
        const more = notifiesParticipants === undefined ? {} : { notifiesParticipants };
        await handle.signal(cancelledBySignal, { by: 'svc', reason: null, ...more });
        await handle.cancel();
      });
      expect(run.record?.error).toMatchObject({ code: 'Cancelled', message: 'The run was cancelled by svc' });
      const expected = notifiesParticipants === true ? [{ state: 'cancelled', token: inbox(run)?.token }] : [];
      expect(run.recording.cancellations).toMatchObject(expected);
      expect(inbox(run)?.state).toBe('cancelled');
    },
  );

  it('is cancelled even where they cannot be told', async () => {
    const recording = new Recording();
    recording.activities.notifyCancelled = () =>
      Promise.reject(ApplicationFailure.nonRetryable('no', 'store_rejected'));
    const run = await asked(
      request([ask()]),
      async (handle) => {
        await handle.signal(cancelledBySignal, { by: 'svc', reason: null, notifiesParticipants: true });
        await handle.cancel();
      },
      { recording },
    );
    expect(run.record?.error?.code).toBe('Cancelled');
  });
});

describe('what a request does after it has waited', () => {
  const mail = { type: 'send_email', params: { to: 'a@b.example', subject: 'Hi', body: 'Dear {{ data.NAME }}' } };

  it('R-242 is done with the data that was changed during a delay of days', async () => {
    const recording = new Recording();
    const templates = [note('{{ data.NAME }}'), wait, mail, note('{{ data.NAME }} {{ event.x }}')];
    const [actions, input] = request(templates, { NAME: 'Ana' });
    const run = await executeRun(environment, actions, {
      input,
      recording,
      meanwhile: async ({ workflowId }) => {
        await vi.waitFor(() => expect(recording.calls).toHaveLength(1), { timeout: 30_000 });
        await environment.sleep('2 days');
        recording.changes.set(workflowId, { NAME: 'Zoë' });
      },
    });
    expect(run.record?.status).toBe('completed');
    expect(notes(run)).toEqual(['Ana', 'Zoë ']);
    expect(mails(run)).toMatchObject([{ body: 'Dear Zoë' }]);
  });

  it.each([
    ['in the input of their activities', 1, { data: { NAME: 'Zoë', TEXT: 'x' } }],
    ['as those read it, where there is much of it', 20_000, null],
  ])('shows templates and endpoints of the directory the data as it is then, %s', async (_how, size, context) => {
    const recording = new Recording();
    const contexts: unknown[] = [];
    const activities = { ...recording.activities };
    recording.activities.executeCallBatch = (input) => {
      contexts.push(input.context);
      return activities.executeCallBatch(input);
    };
    const templated = { type: 'send_email', params: { to: 'a@b.example', template: 'x' } };
    const templates = [wait, { type: 'webhook', params: { target: 'crm' } }, templated];
    const [actions, input] = request(templates, { NAME: 'Ana', TEXT: 'x'.repeat(size) });
    const run = await executeRun(environment, actions, {
      input,
      recording,
      meanwhile: async ({ workflowId }) => {
        await environment.sleep('2 days');
        recording.changes.set(workflowId, { NAME: 'Zoë' });
      },
    });
    contexts.push(...mails(run).map(({ template }) => template?.context));
    expect(run.record?.status).toBe('completed');
    expect(contexts).toMatchObject([context, context]);
  });

  it('is done with the data as it is when an operator lets it go on', async () => {
    const root: Person = { userId: 'root', role: 'SESSION_ADMIN' };
    let release = (): void => undefined;
    const answered = new Promise<void>((resolve) => (release = resolve));
    const recording = new Recording({ webhookSend: () => answered });
    const call = { type: 'webhook.send', params: { url: 'https://a.example/{{ data.NAME }}' } };
    const [actions, input] = request([call, note('{{ data.NAME }}'), call, note('x')], { NAME: 'Ana' });
    const run = await executeRun(environment, actions, {
      input,
      recording,
      meanwhile: async (handle) => {
        await vi.waitFor(() => expect(recording.calls).toHaveLength(1), { timeout: 30_000 });
        await handle.executeUpdate(pauseUpdate, { args: [{ by: root, reason: null }] });
        release();
        await told(recording, 'WorkflowPaused');
        recording.changes.set(handle.workflowId, { NAME: 'Zoë' });
        await handle.executeUpdate(resumeUpdate, { args: [{ by: root, reason: null }] });
      },
    });
    expect(notes(run)).toEqual(['Zoë', 'x']);
    const urls = recording.calls.flatMap(({ activity, input: sent }) =>
      activity === 'webhookSend' ? [(sent as WebhookSendInput).url] : [],
    );
    expect(urls).toEqual(['https://a.example/Ana', 'https://a.example/Zo%C3%AB']);
  });

  it('is done by a retry with the data of the first run', async () => {
    const recording = new Recording();
    recording.changes.set('first', { NAME: 'Zoë' });
    const retry = { of: 'first', number: 1, from: 1, outcomes: [], triggeredBy: 'svc' };
    const [actions, input] = request(
      [note('{{ data.NAME }}'), note('again {{ data.NAME }}')],
      { NAME: 'Ana' },
      { retry },
    );
    const run = await executeRun(environment, actions, { input, recording });
    expect(notes(run)).toEqual(['again Zoë']);
    expect(run.record?.status).toBe('completed');
  });

  it('fails at the next action where its texts cannot be rendered', async () => {
    const templates = [wait, note('{{ data.NAME')];
    const run = await executeRun(environment, templates, { input: { request: { ...origin, templates } } });
    expect(run.record).toMatchObject({ status: 'failed', error: { code: 'wrong_reference', action: 'action-1' } });
    expect(run.record?.actions).toMatchObject([{ status: 'completed' }, { status: 'failed' }]);
  });

  it('is what it was for a run that no request has started', async () => {
    const recording = new Recording();
    let rendered = 0;
    const activities = { ...recording.activities };
    recording.activities.renderActions = (input) => {
      rendered += 1;
      return activities.renderActions(input);
    };
    const run = await executeRun(environment, [wait, note('x')], { recording });
    expect(run.record?.status).toBe('completed');
    expect(rendered).toBe(0);
  });
});
