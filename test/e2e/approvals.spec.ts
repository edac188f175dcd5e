/** Runs that wait for people, answered over HTTP and on the command line: well, and in every way that is wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../support/api.ts';
import { signalbox, type CliResult } from '../support/cli.ts';
import { IngressWorld, until, type RunningIngress } from '../support/ingress.ts';
import { readTopic } from '../support/read-topic.ts';
import { crmRunId } from '../support/runs.ts';
import { uniqueName } from '../support/servers.ts';
import { startTestWorker } from '../support/worker.ts';

let world: IngressWorld;
let ingress: RunningIngress;
let stopWorker: () => Promise<void>;
let api: TestApi;
/** Asked at the beginning, answered when its minute is over. */
let hasty: Approval;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({ managers: [{ id: 7, name: 'Mia', enabled: true }] });
  [ingress, stopWorker, api] = await Promise.all([
    world.startIngress(),
    startTestWorker(world),
    startTestApi({ MONGODB_URI: world.config.store.uri, TEMPORAL_TASK_QUEUE: world.config.temporal.taskQueue }),
  ]);
  hasty = await paused({ expires_in: { value: 1, unit: 'minutes' } });
});
afterAll(async () => {
  await api?.close();
  await stopWorker?.();
  await world?.close();
});

const dealer = { sub: 'dora' };
const post = (role: string, path: string, body: unknown, options: TokenOptions = {}): Promise<Answer> =>
  api.as(role, `/api/workflow/${path}`, { method: 'POST', body }, options);
const answer = ({ token }: Approval, body: object, role = 'SESSION_DEALER', options: TokenOptions = dealer) =>
  post(role, `approvals/${token}`, body, options);
const resume = ({ run_id }: Approval, body: object, role = 'SESSION_DEALER') =>
  post(role, `executions/${encodeURIComponent(run_id)}/resume`, body, dealer);
const inbox = async (role: string, query: string, options: TokenOptions = {}) =>
  (await api.as(role, `/api/workflow/approvals?${query}`, {}, options)).body.data?.['approvals'] as (Approval & {
    may_answer: boolean;
  })[];
const cli = (...args: string[]): Promise<CliResult> =>
  signalbox(world.config.store.uri, args, '', {
    TEMPORAL_ADDRESS: world.config.temporal.address,
    TEMPORAL_TASK_QUEUE: world.config.temporal.taskQueue,
  });
const run = async ({ run_id }: { run_id: string }): Promise<RunRecord> =>
  (await createRunRecords(world.store).get(run_id))!;
const told = async ({ run_id }: Approval) =>
  (await createNotificationStore(world.store).list({ limit: 500 })).filter((one) => one.run_id === run_id).length;

/** A run of brand alpha that asks dealers and carol before it notifies a manager. */
async function paused(params: object = {}): Promise<Approval> {
  const trigger_event = uniqueName('asks');
  const approvers = { roles: ['SESSION_DEALER'], users: ['carol'] };
  const rule = await world.rule({
    trigger_event,
    actions: [
      { type: 'approval.request', params: { title: 'Pay 9000?', approvers, ...params } },
      { type: 'notify.manager', params: { title: 'Paid' } },
    ],
  });
  await world.rulesLive(ingress);
  const id = uniqueName('evt');
  await world.publish(topics.crm, { key: id, value: { id, type: trigger_event, brand: 'alpha', data: {} } });
  const asked = async () => (await createApprovals(world.store).list({ runId: crmRunId(rule, id) })).items[0];
  await until('the run asks', async () => (await asked()) !== undefined);
  const approval = (await asked())!;
  await until('the run is paused', async () => (await run(approval)).status === 'paused');
  return approval;
}

const ended = (approval: Approval, status: RunRecord['status']) =>
  until(`the run is ${status}`, async () => (await run(approval)).status === status);

/** Types of all events of a run that has ended, in order: an event that should not be there would stand among them. */
async function events({ run_id }: Approval, count: number): Promise<string[]> {
  const topic = `${world.config.kafka.topicPrefix}${topics.lifecycle}`;
  const messages = await readTopic(world.config.kafka.brokers, topic, run_id, count);
  return messages.map(({ value }) => (JSON.parse(value) as { type: string }).type);
}

const whole = ['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted'];

describe('over HTTP', () => {
  it('R-315 somebody who was asked finds the question, approves, and the run goes on', async () => {
    const approval = await paused();
    const found = await inbox('SESSION_DEALER', 'mine=true', dealer);
    expect(found.find(({ token }) => token === approval.token)).toMatchObject({
      title: 'Pay 9000?',
      state: 'open',
      run_id: approval.run_id,
      may_answer: true,
    });
    expect(await told(approval)).toBe(0);

    const body = { decision: 'approve', comment: 'seen the papers', data: { limit: 500 } };
    expect(await answer(approval, body)).toMatchObject({
      status: 200,
      body: { data: { answer: { run_id: approval.run_id, state: 'approved', approved: 1, required: 1 } } },
    });
    await ended(approval, 'completed');
    expect(await told(approval)).toBe(1);
    const { body: shown } = await api.as('SESSION_DEALER', `/api/workflow/approvals/${approval.token}`);
    expect(shown.data).toMatchObject({
      approval: { state: 'approved', answers: [{ by: 'dora', decision: 'approve', comment: 'seen the papers' }] },
    });
    expect(await events(approval, 4)).toEqual(whole);
  });

  it('who rejects by the run and its token ends it, and nothing behind the question is done', async () => {
    const approval = await paused();
    expect(await resume(approval, { correlationToken: approval.token, decision: 'reject' })).toMatchObject({
      status: 200,
      body: { data: { answer: { state: 'rejected' } } },
    });
    await ended(approval, 'failed');
    expect(await told(approval)).toBe(0);
  });

  it('R-350 what is wrong is refused, changes nothing and publishes nothing', async () => {
    const [approval, other] = [await paused(), await paused()];
    const approve = { decision: 'approve' };
    const before = [await run(approval), (await createApprovals(world.store).get(approval.token))!];

    // The token of another run, and one of none.
    for (const correlationToken of [other.token, 'a'.repeat(64)]) {
      expect(await resume(approval, { correlationToken, ...approve })).toMatchObject({
        status: 409,
        body: { success: false, error: { code: 'approval_conflict' } },
      });
    }
    expect(await post('SESSION_DEALER', `approvals/${'a'.repeat(64)}`, approve)).toMatchObject({ status: 404 });
    // Managers who were not asked: neither the role nor the user.
    for (const role of ['SESSION_ADMIN', 'SESSION_MANAGER', 'SESSION_CRM_MANAGER', 'SESSION_CRM_ADMIN']) {
      expect(await answer(approval, approve, role, { sub: 'eve' })).toMatchObject({
        status: 403,
        body: { error: { code: 'not_entitled' } },
      });
    }
    // Those who were asked, in a session for another brand.
    expect(await answer(approval, approve, 'SESSION_DEALER', { brands: ['beta'] })).toMatchObject({
      status: 404,
      body: { error: { code: 'approval_not_found' } },
    });
    // Bodies that say nothing, or more than is known.
    for (const body of [{}, { decision: 'maybe' }, { ...approve, resumedBy: 'carol' }, { ...approve, data: [] }]) {
      expect(await answer(approval, body)).toMatchObject({ status: 422, body: { error: { code: 'invalid_body' } } });
    }
    expect([await run(approval), await createApprovals(world.store).get(approval.token)]).toEqual(before);

    expect(await answer(approval, approve, 'SESSION_MANAGER', { sub: 'carol' })).toMatchObject({ status: 200 });
    // Used, by somebody else and while the run goes on or has ended.
    const used = await answer(approval, approve);
    expect(used).toMatchObject({ status: 409, body: { error: { code: 'approval_conflict' } } });
    // Nothing in the sentence looks like a secret: masking leaves it whole.
    expect(used.body.error!.message).not.toContain('***');
    await ended(approval, 'completed');
    expect(await answer(approval, { decision: 'reject' })).toMatchObject({ status: 409 });
    expect(await resume(approval, { correlationToken: approval.token, ...approve })).toMatchObject({ status: 409 });
    expect(await told(approval)).toBe(1);
    expect(await events(approval, 4)).toEqual(whole);
  });

  it('of two answers at the same time one wins', async () => {
    const approval = await paused();
    const answers = await Promise.all([
      answer(approval, { decision: 'approve' }),
      answer(approval, { decision: 'reject' }, 'SESSION_DEALER', { sub: 'dan' }),
    ]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    const won = answers.find(({ status }) => status === 200)!.body.data!['answer'] as { state: string };
    await ended(approval, won.state === 'approved' ? 'completed' : 'failed');
    expect(await told(approval)).toBe(won.state === 'approved' ? 1 : 0);
  });

  it('the inbox shows each session what it may see, and the token to those who can use it', async () => {
    const { run_id, token } = await paused();
    const query = `run_id=${encodeURIComponent(run_id)}`;
    expect(await inbox('SESSION_MANAGER', query)).toMatchObject([{ run_id, token: null, may_answer: false }]);
    expect(await inbox('SESSION_ADMIN', query)).toMatchObject([{ token, may_answer: false }]);
    expect(await inbox('SESSION_MANAGER', query, { sub: 'carol' })).toMatchObject([{ token, may_answer: true }]);
    expect(await inbox('SESSION_MANAGER', `${query}&mine=true`)).toEqual([]);
    expect(await inbox('SESSION_MANAGER', `${query}&mine=true`, { sub: 'carol' })).toHaveLength(1);
    expect(await inbox('SESSION_DEALER', query, { brands: ['beta'] })).toEqual([]);
    expect(await inbox('SESSION_DEALER', `${query}&state=approved`)).toEqual([]);
  });

  it('an administrator puts others in charge', async () => {
    const approval = await paused();
    const to = { approvers: { users: ['frank'] }, reason: 'dora is away' };
    expect(await post('SESSION_ADMIN', `approvals/${approval.token}/reassign`, to, { sub: 'alice' })).toMatchObject({
      status: 200,
    });
    expect(await answer(approval, { decision: 'approve' })).toMatchObject({ status: 403 });
    expect(await answer(approval, { decision: 'approve' }, 'SESSION_MANAGER', { sub: 'frank' })).toMatchObject({
      status: 200,
    });
    await ended(approval, 'completed');
  });

  it('an administrator cancels and retries a run, and is told what cannot be done', async () => {
    const approval = await paused();
    const control = (verb: string, id = approval.run_id) =>
      post('SESSION_ADMIN', `runs/${encodeURIComponent(id)}/${verb}`, { reason: 'a test' }, { sub: 'alice' });
    expect(await control('resume')).toMatchObject({ status: 409, body: { error: { code: 'run_conflict' } } });
    expect(await control('retry')).toMatchObject({ status: 409 });
    expect(await control('cancel')).toMatchObject({ status: 200, body: { data: { run_id: approval.run_id } } });
    await ended(approval, 'failed');
    expect(await control('pause')).toMatchObject({ status: 409 });
    expect(await answer(approval, { decision: 'approve' })).toMatchObject({ status: 409 });

    const retried = await control('retry');
    expect(retried).toMatchObject({ status: 200 });
    const run_id = retried.body.data!['run_id'] as string;
    expect(run_id).not.toBe(approval.run_id);
    await until(
      'the retry asks',
      async () => (await inbox('SESSION_DEALER', `run_id=${encodeURIComponent(run_id)}`)).length === 1,
    );
    // Whoever retries sets the run off and may not approve it.
    const [again] = await inbox('SESSION_DEALER', `run_id=${encodeURIComponent(run_id)}`, dealer);
    expect(
      await post('SESSION_DEALER', `approvals/${again!.token}`, { decision: 'approve' }, { sub: 'alice' }),
    ).toMatchObject({ status: 403 });
    expect(await answer(again!, { decision: 'approve' })).toMatchObject({ status: 200 });
    await ended(again!, 'completed');
    expect(await told(again!)).toBe(1);
  });

  it('an administrator pauses a run before its next action and lets it go on', async () => {
    const approval = await paused();
    const control = (verb: string) =>
      post('SESSION_ADMIN', `runs/${encodeURIComponent(approval.run_id)}/${verb}`, undefined, { sub: 'alice' });
    expect(await control('pause')).toMatchObject({ status: 200 });
    expect(await control('pause')).toMatchObject({ status: 200 });
    expect(
      await post('SESSION_ADMIN', `runs/${encodeURIComponent(approval.run_id)}/pause`, {}, { sub: 'bob' }),
    ).toMatchObject({
      status: 409,
      body: { error: { code: 'run_conflict' } },
    });
    expect(await answer(approval, { decision: 'approve' })).toMatchObject({ status: 200 });
    await until('the question is closed', async () => {
      return (await createApprovals(world.store).get(approval.token))?.state === 'approved';
    });
    expect((await run(approval)).finished_at).toBeNull();
    expect(await control('resume')).toMatchObject({ status: 200 });
    await ended(approval, 'completed');
  });
});

describe('signalbox approvals', () => {
  it('lists what somebody may answer, and approves it in their name', async () => {
    const approval = await paused();
    const mine = JSON.parse((await cli('approvals', '--mine', '--as', 'carol', '--limit', '500', '--json')).stdout) as {
      approvals: Approval[];
    };
    expect(mine.approvals.map(({ token }) => token)).toContain(approval.token);
    expect((await cli('approvals', '--run', approval.run_id)).stdout).toContain('SESSION_DEALER, carol');
    expect((await cli('approvals', '--mine', '--as', 'eve', '--run', approval.run_id)).stdout).not.toContain(
      'Pay 9000?',
    );

    const args = ['--as', 'carol', '--comment', 'by phone', '--data', '{"limit":1}'];
    expect(await cli('approvals', 'approve', approval.token, ...args)).toEqual({
      code: 0,
      stdout: 'approved\n',
      stderr: '',
    });
    await ended(approval, 'completed');
    expect(await told(approval)).toBe(1);
    expect((await cli('approvals', 'show', approval.token)).stdout).toMatch(/carol +approve +by phone/);
    expect(await events(approval, 4)).toEqual(whole);
  });

  it('refuses what is wrong, changes nothing and publishes nothing', async () => {
    const approval = await paused();
    const before = await run(approval);
    const wrong = [
      ['a'.repeat(64), '--as', 'carol'],
      [approval.token, '--as', 'eve'],
      [approval.token, '--as', 'eve', '--role', 'SESSION_ADMIN'],
      [approval.token, '--as', 'carol', '--data', '[1]'],
    ];
    for (const args of wrong) {
      expect(await cli('approvals', 'approve', ...args)).toMatchObject({ code: 1, stdout: '' });
    }
    expect(await cli('approvals', 'approve', approval.token, '--data', '{')).toMatchObject({ code: 64, stdout: '' });
    expect(await cli('approvals', 'approve', approval.token, '--role', 'BOSS')).toMatchObject({ code: 64, stdout: '' });
    expect(await run(approval)).toEqual(before);

    expect(await cli('approvals', 'reassign', approval.token, '--to-user', 'frank')).toMatchObject({ code: 0 });
    expect(await cli('approvals', 'reject', approval.token, '--as', 'carol')).toMatchObject({ code: 1 });
    expect(await cli('approvals', 'reject', approval.token, '--as', 'frank')).toMatchObject({ code: 0 });
    await ended(approval, 'failed');
    const used = await cli('approvals', 'approve', approval.token, '--as', 'frank');
    expect(used).toMatchObject({ code: 1, stdout: '' });
    expect(used.stderr).toContain('signalbox: ');
    expect(await told(approval)).toBe(0);
  });

  it('runs are paused, resumed, cancelled and retried', async () => {
    const approval = await paused();
    expect(await cli('runs', 'pause', approval.run_id, '--reason', 'look first')).toMatchObject({ code: 0 });
    expect(await cli('runs', 'resume', approval.run_id)).toMatchObject({ code: 0 });
    // Repeated by the same person it is done once; somebody else is told how the run stands.
    expect(await cli('runs', 'resume', approval.run_id)).toMatchObject({ code: 0 });
    expect(await cli('runs', 'resume', approval.run_id, '--as', 'bob')).toMatchObject({ code: 1 });
    for (const verb of ['pause', 'cancel', 'retry']) {
      const refused = await cli('runs', verb, approval.run_id, '--as', 'dora', '--role', 'SESSION_DEALER');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('dora is no administrator');
    }
    expect(await cli('runs', 'cancel', approval.run_id, '--as', 'alice')).toMatchObject({ code: 0 });
    await ended(approval, 'failed');
    expect((await run(approval)).error).toMatchObject({ code: 'Cancelled' });
    const retried = await cli('runs', 'retry', approval.run_id);
    expect(retried).toMatchObject({ code: 0 });
    expect(await cli('runs', 'cancel', retried.stdout.replace('goes on as ', '').trim())).toMatchObject({ code: 0 });
    expect(await cli('runs', 'cancel', 'none')).toMatchObject({ code: 1 });
  });
});

it('an answer that comes too late is refused with 410, on the command line with 1, and changes nothing', async () => {
  await until('the time to answer is over', async () => (await run(hasty)).status === 'failed', 90_000);
  const before = await run(hasty);
  expect(before.error).toMatchObject({ code: 'PauseExpired' });
  expect(await answer(hasty, { decision: 'approve' })).toMatchObject({
    status: 410,
    body: { error: { code: 'approval_expired' } },
  });
  expect(await cli('approvals', 'approve', hasty.token, '--as', 'carol')).toMatchObject({ code: 1 });
  expect(await run(hasty)).toEqual(before);
  expect(await told(hasty)).toBe(0);
  expect(await events(hasty, 3)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowFailed']);
}, 120_000);
