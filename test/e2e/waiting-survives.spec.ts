/**
 * Runs that wait, for a person, for an operator or for days, outlive everything: the compiled apps (worker, ingress and
 * API) and all servers are killed with SIGKILL while they wait, and started again.
 */
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import type { RunStatus } from '#libs/domain/runs/run.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { appNames } from '../../scripts/start/app.process.ts';
import { sessionSecret, sessionToken } from '../support/api.ts';
import { Installation } from '../support/apps.ts';
import { IngressWorld, until } from '../support/ingress.ts';
import { readTopic } from '../support/read-topic.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { crmRunId } from '../support/runs.ts';
import { uniqueName } from '../support/servers.ts';

const threeDays = 3 * 24 * 60 * 60;

let installation: Installation;
let world: IngressWorld;
let receiver: Receiver;
let letGo = (): void => undefined;
const mayAnswer = new Promise<void>((resolve) => (letGo = resolve));
/** Ids of the runs that wait. */
let asking: string;
let paused: string;
let delayed: string;
let brief: string;
/** When the calls of `brief` came, and when the apps were ready again, milliseconds since 1970. */
const arrivals = new Map<string, number>();
let readyAgain = 0;
let question: Approval;
/** Of the delay, before everything was killed. */
let before: Timer | undefined;

beforeAll(async () => {
  installation = await Installation.create();
  world = await IngressWorld.create(installation.servers);
  receiver = await startReceiver(({ url }, response) => {
    arrivals.set(url, Date.now());
    void (url === '/held' ? mayAnswer : Promise.resolve()).then(() => response.writeHead(204).end());
  });
  await startApps();
  const request = { title: 'Pay 9000?', approvers: { users: ['carol'] } };
  const threeDaysLong = { type: 'delay', params: { value: 3, unit: 'days' } };
  asking = await run([webhook('asked'), { type: 'approval.request', params: request }, webhook('approved')]);
  paused = await run([webhook('held'), webhook('resumed')]);
  delayed = await run([webhook('before'), threeDaysLong, webhook('after')]);

  const find = async () => (await createApprovals(world.store).list({ runId: asking })).items[0];
  await until('the question is asked', async () => (await find()) !== undefined);
  question = (await find())!;
  await until('the call that is held is under way', () => calls('held') === 1);
  const { status } = await post(`runs/${paused}/pause`, { reason: 'looking into it' });
  if (status !== 200) throw new Error(`the run is not paused: ${status}`);
  letGo();
  for (const id of [asking, paused]) await reaches(id, 'paused');
  await until('the delay has begun', async () => (await timer(delayed)) !== undefined);

  const aMinute = { type: 'delay', params: { value: 1, unit: 'minutes' } };
  brief = await run([webhook('begin'), aMinute, webhook('end')]);
  await until('the short delay has begun', async () => (await timer(brief)) !== undefined);

  const { temporal, kafka, mongodb } = installation.stack.servers;
  before = await timer(delayed);
  await Promise.all(appNames.map((name) => installation.kill(name)));
  for (const server of [temporal, kafka, mongodb]) await server.kill();
  await Promise.all([temporal, kafka, mongodb].map((server) => server.start()));
  await startApps();
  readyAgain = Date.now();
});

afterAll(async () => {
  await world?.close();
  await installation?.close();
  await receiver?.close();
});

async function startApps(): Promise<void> {
  // A call that is held is not made together with the next: the run can be paused in between.
  const own = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', WORKER_CALL_BATCH_MS: '1' };
  await Promise.all([
    installation.start('ingress', world.env),
    installation.start('worker', { ...world.env, ...own }),
    installation.start('api', { ...world.env, SESSION_SECRET: sessionSecret }),
  ]);
}

const webhook = (path: string) => ({ type: 'webhook.send', params: { url: `${receiver.url}/${path}` } });
const calls = (path: string): number => receiver.requests.filter(({ url }) => url === `/${path}`).length;

/** As carol, an administrator. */
async function post(path: string, body: object): Promise<Response> {
  return fetch(`${installation.url('api')}/api/workflow/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await sessionToken('SESSION_ADMIN', { sub: 'carol' })}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
}

/** Starts a run of a rule of its own. @returns its id */
async function run(actions: RuleAction[]): Promise<string> {
  const type = uniqueName('type');
  const rule = await world.rule({ trigger_event: type, actions });
  const { rules } = await world.rules.snapshot();
  await until('the rule is live', async () => {
    return (await installation.metric('ingress', 'signalbox_rules_loaded')) === rules.length;
  });
  const id = uniqueName('evt');
  await world.publish(topics.crm, { key: id, value: { id, type, brand: 'alpha', data: {} } });
  return crmRunId(rule, id);
}

const statusOf = async (id: string): Promise<RunStatus | undefined> =>
  (await world.records()).find(({ run_id }) => run_id === id)?.status;

const reaches = (id: string, status: RunStatus): Promise<void> =>
  until(`${id} is ${status}`, async () => (await statusOf(id)) === status, 120_000);

/** Types of all events of a run that has ended, in order. */
async function events(id: string, count: number): Promise<string[]> {
  const messages = await readTopic(
    world.config.kafka.brokers,
    `${world.config.kafka.topicPrefix}${topics.lifecycle}`,
    id,
    count,
  );
  return messages.map(({ value }) => (JSON.parse(value) as { type: string }).type);
}

interface Timer {
  id: string;
  /** Seconds since 1970. */
  begun: number;
  seconds: number;
}

/** The delay's timer in the history of a run; undefined while there is none, and before the run has started. */
async function timer(runId: string): Promise<Timer | undefined> {
  if ([undefined, 'claimed'].includes(await statusOf(runId))) return undefined;
  const connection = await Connection.connect({ address: world.config.temporal.address });
  try {
    const { events } = await new Client({ connection }).workflow.getHandle(runId).fetchHistory();
    const started = events?.filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes != null) ?? [];
    expect(started.length).toBeLessThan(2);
    const [{ eventTime, timerStartedEventAttributes: its } = {}] = started;
    if (its == null) return undefined;
    return {
      id: its.timerId ?? '',
      begun: Number(eventTime?.seconds),
      seconds: Number(its.startToFireTimeout?.seconds),
    };
  } finally {
    await connection.close();
  }
}

const whole = ['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted'];

describe('after everything was killed and started again', { timeout: 150_000 }, () => {
  it('R-314 R-315 an approval is answered, and the run goes on once', async () => {
    expect(await statusOf(asking)).toBe('paused');
    expect(calls('approved')).toBe(0);
    expect((await post(`approvals/${question.token}`, { decision: 'approve' })).status).toBe(200);
    await reaches(asking, 'completed');
    expect([calls('asked'), calls('approved')]).toEqual([1, 1]);
    expect(await events(asking, whole.length)).toEqual(whole);
    // Whoever approved it may say so again; nothing is done twice.
    expect((await post(`approvals/${question.token}`, { decision: 'approve' })).status).toBe(200);
    expect((await post(`approvals/${question.token}`, { decision: 'reject' })).status).toBe(409);
    expect(calls('approved')).toBe(1);
  });

  it('a run that an operator has paused is resumed, and goes on once', async () => {
    expect(await statusOf(paused)).toBe('paused');
    expect([calls('held'), calls('resumed')]).toEqual([1, 0]);
    expect((await post(`runs/${paused}/resume`, {})).status).toBe(200);
    await reaches(paused, 'completed');
    expect([calls('held'), calls('resumed')]).toEqual([1, 1]);
    expect(await events(paused, whole.length)).toEqual(whole);
  });

  it('R-181 R-182 R-183 R-185 a delay that ends meanwhile, or soon after, is noticed within 30 seconds, once', async () => {
    await reaches(brief, 'completed');
    expect([calls('begin'), calls('end')]).toEqual([1, 1]);
    const due = (await timer(brief))!.begun * 1000 + 60_000;
    const end = arrivals.get('/end') ?? 0;
    expect(end).toBeGreaterThanOrEqual(due);
    expect(end).toBeLessThanOrEqual(Math.max(due, readyAgain) + 30_000);
  });

  it('R-185 a delay of three days waits for the same moment', async () => {
    expect(before).toMatchObject({ seconds: threeDays });
    expect(await timer(delayed)).toEqual(before);
    expect(await statusOf(delayed)).toMatch(/claimed|running/);
    expect([calls('before'), calls('after')]).toEqual([1, 0]);
  });
});
