/** An answer that was told to anybody is never lost: Kafka is away, and the worker is killed while it takes the answer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { sessionSecret, sessionToken } from '../support/api.ts';
import { Installation } from '../support/apps.ts';
import { IngressWorld, until } from '../support/ingress.ts';
import { readTopic } from '../support/read-topic.ts';
import { crmRunId } from '../support/runs.ts';
import { uniqueName } from '../support/servers.ts';

let installation: Installation;
let world: IngressWorld;

beforeAll(async () => {
  installation = await Installation.create();
  world = await IngressWorld.create(installation.servers);
  await Promise.all([
    installation.start('ingress', world.env),
    installation.start('worker', world.env),
    installation.start('api', { ...world.env, SESSION_SECRET: sessionSecret }),
  ]);
});

afterAll(async () => {
  await world?.close();
  await installation?.close();
});

async function answer(token: string, sub: string, decision: 'approve' | 'reject'): Promise<number> {
  const response = await fetch(`${installation.url('api')}/api/workflow/approvals/${token}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await sessionToken('SESSION_DEALER', { sub })}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ decision }),
  });
  return response.status;
}

/** Sends it again as long as nothing was done: Temporal first offers the run to the worker that is gone. */
async function answerTaken(token: string, sub: string, decision: 'approve' | 'reject'): Promise<number> {
  let status = 503;
  await until('the answer reaches the run', async () => (status = await answer(token, sub, decision)) !== 503, 60_000);
  return status;
}

it('holds an approval that the inbox showed before the worker was killed, and refuses another', async () => {
  const type = uniqueName('type');
  const approvers = { roles: ['SESSION_DEALER'] };
  const rule = await world.rule({
    trigger_event: type,
    actions: [{ type: 'approval.request', params: { title: 'Pay 9000?', approvers } }],
  });
  await until('the rule is live', async () => (await installation.metric('ingress', 'signalbox_rules_loaded')) === 1);
  const id = uniqueName('evt');
  await world.publish(topics.crm, { key: id, value: { id, type, brand: 'alpha', data: {} } });
  const runId = crmRunId(rule, id);
  const inbox = async () => (await createApprovals(world.store).list({ runId })).items[0];
  const status = async () => (await world.records()).find(({ run_id }) => run_id === runId)?.status;
  await until('the run is paused', async () => (await status()) === 'paused', 60_000);
  const token = (await inbox())!.token;

  const { kafka } = installation.stack.servers;
  await kafka.kill();
  const first = answer(token, 'alice', 'approve');
  await until('the inbox shows it', async () => (await inbox())?.state === 'approved', 60_000);
  await installation.kill('worker');
  await kafka.start();
  await installation.start('worker', world.env);

  expect(await first).toBe(200);
  expect(await answerTaken(token, 'bob', 'reject')).toBe(409);
  expect(await answerTaken(token, 'alice', 'approve')).toBe(200);
  await until('the run is completed', async () => (await status()) === 'completed', 60_000);
  const whole = ['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted'];
  const messages = await readTopic(
    world.config.kafka.brokers,
    `${world.config.kafka.topicPrefix}${topics.lifecycle}`,
    runId,
    4,
  );
  expect([...new Set(messages.map(({ value }) => (JSON.parse(value) as { type: string }).type))]).toEqual(whole);
  expect(await inbox()).toMatchObject({ state: 'approved', answers: [{ by: 'alice' }] });
}, 240_000);
