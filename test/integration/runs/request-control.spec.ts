/** What incoming webhooks do to runs, through the client, on the real servers. */
import type { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileActions } from '#libs/domain/actions/render-actions.ts';
import type { Approval, Person } from '#libs/domain/approvals/approval.ts';
import type { RunData } from '#libs/domain/context/run-data.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { createPersonNames } from '#libs/store/access/person-names.reader.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createRunControl, type RunControl } from '#temporal/client/run-control.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import type { CancelApprovalInput } from '#temporal/contract/run-messages.ts';
import { auditedBy } from '../../support/audit.ts';
import { RunWorld, typesOf } from '../../support/run-world.ts';
import { uniqueName } from '../../support/servers.ts';

const ask = (params: Record<string, unknown> = {}): RuleAction => ({
  type: 'approval.request',
  params: { title: 'Pay out?', approvers: { users: ['alice', 'bob'] }, on_exception: 'continue', ...params },
});
const note = (body: string): RuleAction => ({ type: 'add_note', params: { body } });
const person = (userId: string): Person => ({ userId, role: '', brands: ['acme'] });

let world: RunWorld;
let worker: Worker;
let working: Promise<void>;
let control: RunControl;

beforeAll(async () => {
  world = await RunWorld.create();
  const client = world.temporal.client.workflow;
  control = createRunControl({
    client,
    approvals: createApprovals(world.store),
    records: createRunRecords(world.store),
    retries: createRetryStore(world.store),
    numbers: createRunNumbers(world.store),
    starter: createRunStarter(client, world.taskQueue),
    failRun: (id, patch) => createRunRecorder(world.store).write(id, patch),
    namesOf: (userId, keys) => createPersonNames(world.store).namesOf(userId, keys),
    commandTimeoutMs: 10_000,
    audited: auditedBy(world.store),
  });
  worker = await world.worker();
  working = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await working;
  await world.close();
});

/** Starts a request of a process with these actions. */
async function start(templates: RuleAction[], data: RunData = {}) {
  const customerId = uniqueName('customer');
  await createDirectory(world.store).load({ customers: [{ id: customerId }] });
  const context = { brand: 'acme', event: {}, data };
  const render = compileActions(templates);
  const request = { process: 'PAY', version: 1, isTest: false, folder: null, ...(render !== null && { templates }) };
  const more = { customerId, context, number: 42, request };
  const input = await world.claim(render?.(context) ?? templates, {}, more);
  return { input, handle: await world.start(input) };
}

async function question({ executionId }: RunInput, title = 'Pay out?'): Promise<Approval> {
  const open = async () =>
    (await createApprovals(world.store).list({ runId: executionId, state: 'open' })).items.find(
      (one) => one.title === title,
    );
  await expect.poll(open, { timeout: 30_000 }).toBeDefined();
  return (await open())!;
}

async function ended({ executionId }: Pick<RunInput, 'executionId'>, status: string): Promise<void> {
  const now = async () => (await createRunRecords(world.store).get(executionId))?.status;
  await expect.poll(now, { timeout: 30_000 }).toBe(status);
}

const code = (command: Promise<unknown>): Promise<string> =>
  command.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? String(error),
  );

const answer = (token: string, userId: string, parameters?: RunData, decision: 'approve' | 'reject' = 'approve') =>
  control.answer({ token, by: person(userId), decision, comment: null, data: null, ...(parameters && { parameters }) });

const cancel = (token: string, userId: string, more: Partial<CancelApprovalInput> = {}) =>
  control.cancelApproval({
    token,
    by: person(userId),
    type: 'CANCEL',
    message: null,
    source: null,
    authority: 'supervisor',
    ...more,
  });

const approvalOf = async (token: string) => (await createApprovals(world.store).get(token))!;
const data = ({ executionId }: RunInput) => world.ports.runData.changes(executionId);
const notes = async ({ customerId }: RunInput) =>
  (await createNoteStore(world.store).list(customerId ?? '')).map(({ body }) => body);

it('R-258 one wins where an action is completed, cancelled twice and rejected at the same instant, thirty times', async () => {
  const runs = await Promise.all(Array.from({ length: 30 }, () => start([ask()])));
  for (const { input } of runs) {
    const { token } = await question(input);
    const outcomes = await Promise.all([
      code(answer(token, 'alice', { BY: 'alice' })),
      code(cancel(token, 'carol')),
      code(cancel(token, 'dora', { type: 'ERROR' })),
      code(answer(token, 'bob', { BY: 'bob' }, 'reject')),
    ]);
    expect([...outcomes].sort()).toEqual(['approval_conflict', 'approval_conflict', 'approval_conflict', 'taken']);
    await expect.poll(async () => (await approvalOf(token)).state, { timeout: 30_000 }).not.toBe('open');
    const { state, exception, answers } = await approvalOf(token);
    const winner = outcomes.indexOf('taken');
    const who = exception?.by ?? answers[0]?.by;
    expect([state, who]).toEqual(
      [
        ['approved', 'alice'],
        ['cancelled', 'carol'],
        ['cancelled', 'dora'],
        ['rejected', 'bob'],
      ][winner],
    );
    expect(await data(input)).toEqual(winner === 0 || winner === 3 ? { BY: who } : {});
  }
  for (const { input, handle } of runs) {
    await handle.result().catch(() => undefined);
    const types = typesOf(await world.published(input));
    expect(types.filter((type) => type === 'WorkflowResumed')).toHaveLength(1);
  }
}, 180_000);

describe('an action that is cancelled through the client', () => {
  it('R-263 R-266 is so in the name of its assignee, again after the run has ended, and on record without secrets', async () => {
    const { input } = await start([ask({ on_error: 'fail' }), note('after')]);
    const { token } = await question(input);
    const why = { type: 'ERROR', message: 'password=hunter2secret', source: 'bank', authority: 'assignee' } as const;
    expect(await code(cancel(token, 'mallory', why))).toBe('not_entitled');
    expect(await code(cancel(token, 'alice', { ...why, by: { ...person('alice'), brands: ['other'] } }))).toBe(
      'approval_conflict',
    );
    await cancel(token, 'alice', why);
    await ended(input, 'failed');
    expect((await world.record(input)).error).toMatchObject({ code: 'ActionError', action: 'action-0' });
    expect(await code(cancel(token, 'alice', why))).toBe('taken');
    expect(await code(cancel(token, 'alice', { ...why, type: 'CANCEL' }))).toBe('approval_conflict');
    expect(await code(cancel(token, 'bob', why))).toBe('approval_conflict');
    expect(await code(answer(token, 'alice'))).toBe('approval_conflict');
    const noted = await createAuditLog(world.store).list({ target: `run/${input.executionId}` });
    expect(noted.items.at(-2)).toMatchObject({
      operation: 'approval.cancel',
      by: 'alice',
      outcome: 'done',
      what: { type: 'ERROR', source: 'bank', authority: 'assignee' },
    });
    const history = await world.temporal.client.workflow.getHandle(input.executionId).fetchHistory();
    const everything = JSON.stringify([noted, await world.record(input), await approvalOf(token), history]);
    expect(everything).not.toContain('hunter2secret');
    expect(everything).not.toContain(Buffer.from('hunter2secret').toString('base64').slice(0, 14));
  });
});

describe('data that comes with an answer through the client', () => {
  it('R-251 is saved when the answer is taken, by name alone in the audit log, and seen by what follows', async () => {
    const large = 'x'.repeat(20_000);
    const { input } = await start([ask(), note('{{ data.NAME }} {{ data.AMOUNT }}')], { NAME: 'Ana', TEXT: large });
    const { token } = await question(input);
    await answer(token, 'alice', { NAME: 'only-in-the-data', AMOUNT: 5 });
    expect(await data(input)).toEqual({ NAME: 'only-in-the-data', AMOUNT: 5 });
    await ended(input, 'completed');
    expect(await notes(input)).toEqual(['only-in-the-data 5']);
    const { items } = await createAuditLog(world.store).list({ target: `run/${input.executionId}` });
    expect(items).toMatchObject([{ operation: 'approval.answer', what: { parameters: ['NAME', 'AMOUNT'] } }]);
    const told = [items, await world.record(input), await approvalOf(token), await world.published(input)];
    expect(JSON.stringify(told)).not.toContain('only-in-the-data');
  });

  it('is there for a retry, beside what was changed since', async () => {
    const { input } = await start([
      ask(),
      ask({ title: 'Sure?', on_cancel: 'fail' }),
      note('{{ data.A }}{{ data.B }}'),
    ]);
    await answer((await question(input)).token, 'alice', { A: 'a', B: 'old' });
    await cancel((await question(input, 'Sure?')).token, 'carol');
    await ended(input, 'failed');
    await world.ports.runData.save(input.executionId, { B: 'b' }, uniqueName('update'));
    const root: Person = { userId: 'root', role: 'SESSION_ADMIN' };
    const again = { ...input, executionId: await control.retry(input.executionId, root, null) };
    const asked = await question(again, 'Sure?');
    expect(asked).toMatchObject({ request_number: expect.any(Number), exceptions: ['CANCEL', 'ERROR'] });
    await answer(asked.token, 'bob', { A: 'A' });
    await ended(again, 'completed');
    expect(await notes(input)).toEqual(['Ab']);
    expect(await data(input)).toEqual({ A: 'A', B: 'b' });
    expect(await data(again)).toEqual({});
  });

  it('is not saved a second time over what was changed since, where the run is reset', async () => {
    const { input, handle } = await start([ask(), ask({ title: 'Sure?' }), note('{{ data.A }}')]);
    await answer((await question(input)).token, 'alice', { A: 'answered' });
    await question(input, 'Sure?');
    const events = (await handle.fetchHistory()).events ?? [];
    const accepted = events.findIndex((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null);
    const tasks = events.slice(0, accepted).filter((event) => event.workflowTaskCompletedEventAttributes != null);
    await world.ports.runData.save(input.executionId, { A: 'changed' }, uniqueName('update'));
    // The task before the one that took the answer: the token is drawn by then.
    await world.reset(handle, tasks.length - 1);
    const again = world.temporal.client.workflow.getHandle(input.executionId);
    await expect
      .poll(async () => (await again.query<{ status: string }[]>('progress'))[0]?.status, { timeout: 30_000 })
      .toBe('completed');
    const sure = await question(input, 'Sure?');
    expect(await data(input)).toEqual({ A: 'changed' });
    await answer(sure.token, 'bob', { B: 1 });
    await ended(input, 'completed');
    expect(await notes(input)).toEqual(['changed']);
  });
});

describe('a request that is cancelled through the client', () => {
  it('R-245 R-247 is so by the right that the directory gives, and tells the managers who are asked, once', async () => {
    const { input } = await start([ask({ approvers: { users: ['1', 'alice'] } })]);
    const { token } = await question(input);
    const svc = person('svc');
    const told = async () =>
      (await createNotificationStore(world.store).list({ limit: 1000 })).filter(
        ({ run_id }) => run_id === input.executionId,
      );
    expect(await code(control.cancel(input.executionId, svc, null))).toBe('not_entitled');
    expect(await code(control.cancel(input.executionId, svc, null, null, { authority: 'assignee' }))).toBe(
      'not_entitled',
    );
    const more = { authority: 'initiator', notifiesParticipants: true } as const;
    expect(await code(control.cancel(input.executionId, { ...svc, brands: ['x'] }, null, null, more))).toBe(
      'run_not_found',
    );
    await control.cancel(input.executionId, svc, 'duplicate', null, more);
    await ended(input, 'failed');
    expect((await world.record(input)).error?.message).toBe('The run was cancelled by svc: duplicate');
    expect(await told()).toMatchObject([{ manager_id: 1, title: 'No answer is needed any more: Pay out?' }]);
    await world.activities().notifyCancelled(await approvalOf(token));
    expect(await told()).toHaveLength(1);
    const { items } = await createAuditLog(world.store).list({ target: `run/${input.executionId}` });
    expect(items).toMatchObject([{ operation: 'run.cancel', by: 'svc', what: { ...more, reason: 'duplicate' } }]);
  });
});
