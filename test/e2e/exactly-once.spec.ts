/**
 * Every event that matches is executed once, whatever dies in the middle: the compiled apps run on servers of their
 * own, and an HTTP receiver counts the calls by `Idempotency-Key`. No call is made twice, but for one: a worker that is
 * killed may have been waiting for the answer of one call of each run, which is then made again under the same key.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import { callBatchSlackMs } from '#temporal/workflows/activity-options.ts';
import { Installation } from '../support/apps.ts';
import { IngressWorld, until } from '../support/ingress.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { crmRunId } from '../support/runs.ts';
import { uniqueName } from '../support/servers.ts';

/** Milliseconds; a busy machine takes its time. */
const retryPolicy = 180_000;
vi.setConfig({ testTimeout: 2 * retryPolicy });

const runsEach = 200;
const callTimeoutMs = 8000;
/** Calls a worker makes at once: `WORKER_MAX_HTTP_ACTIVITIES`. */
const maxUnderWay = 100;

let installation: Installation;
let world: IngressWorld;
let receiver: Receiver;
/** Events of runs that wait in a delay through everything that happens here. */
const delayed = Array.from({ length: 5 }, () => uniqueName('delayed'));
let delayedRule: string;
/** When each path of the receiver was called first. */
const firstCall = new Map<string, number>();

beforeAll(async () => {
  installation = await Installation.create();
  world = await IngressWorld.create(installation.servers);
  receiver = await startReceiver(({ url }, response) => {
    if (!firstCall.has(url)) firstCall.set(url, Date.now());
    setTimeout(() => response.writeHead(204).end(), 20);
  });
  await startIngress();
  await startWorker();
  const [before, after] = [webhook('before'), webhook('after')];
  const delay = { type: 'delay', params: { value: 1, unit: 'minutes' } };
  delayedRule = await liveRule('task.overdue', [before, delay, after]);
  await publish('task.overdue', delayed);
  await until('the delays have begun', () => called('before').length === delayed.length);
});

afterAll(async () => {
  await world.close();
  await installation.close();
  await receiver.close();
});

const startIngress = () => installation.start('ingress', world.env);
const startWorker = () =>
  installation.start('worker', { ...world.env, WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', SHUTDOWN_GRACE_MS: '10000' });

const webhook = (path: string) => ({
  type: 'webhook.send',
  // A call that the receiver answers too late is rightly made again, and the receiver shares a busy machine.
  params: { url: `${receiver.url}/${path}`, timeout_ms: callTimeoutMs },
});

/** Idempotency key of each call that came to a path of the receiver. */
function calls(path: string): string[] {
  return receiver.requests
    .filter(({ url }) => url === `/${path}`)
    .map(({ headers }) => String(headers['idempotency-key']));
}

/** Each of them once. */
function called(path: string): string[] {
  return [...new Set(calls(path))];
}

/** Adds a rule and waits until the ingress knows it. */
async function liveRule(trigger_event: string, actions: RuleAction[]): Promise<string> {
  const id = await world.rule({ trigger_event, actions });
  const { rules } = await world.rules.snapshot();
  await until('the rule is live', async () => {
    return (await installation.metric('ingress', 'signalbox_rules_loaded')) === rules.length;
  });
  return id;
}

const publish = (type: string, ids: string[]) =>
  world.publish(topics.crm, ...ids.map((id) => ({ key: id, value: { id, type, brand: 'alpha', data: {} } })));

interface Scene {
  ruleId: string;
  path: string;
  publish: () => Promise<void>;
  /** Resolves when a quarter of the calls has been made: more are under way. */
  midway: () => Promise<void>;
  /** Every event was executed once, action by action, and its record says so. No call was made twice. */
  expectOnce: () => Promise<void>;
  /** The same, but for the calls under way when their worker died: at most one of each run, made once more. */
  expectOnceButUnderWay: () => Promise<void>;
}

async function scene(name: string): Promise<Scene> {
  const path = uniqueName(name);
  const type = uniqueName('type');
  const events = Array.from({ length: runsEach }, () => uniqueName('evt'));
  const ruleId = await liveRule(type, [webhook(path), webhook(path)]);
  const keys = events.flatMap((id) => [0, 1].map((index) => `${crmRunId(ruleId, id)}/action-${index}`)).sort();
  const expectDone = async (): Promise<void> => {
    await until(`all calls of ${name} are made`, () => called(path).length >= keys.length, retryPolicy);
    const records = async () => (await world.records()).filter(({ rule_id }) => rule_id === ruleId);
    const ended = async () => (await records()).every(({ status }) => status === 'completed');
    await until('all runs have ended', ended, retryPolicy);
    expect((await records()).map(({ event_id }) => event_id).sort()).toEqual([...events].sort());
  };
  return {
    ruleId,
    path,
    publish: () => publish(type, events),
    midway: () => until('a quarter is done', () => called(path).length >= keys.length / 4, retryPolicy),
    expectOnce: async () => {
      await expectDone();
      expect(calls(path).sort()).toEqual(keys);
    },
    expectOnceButUnderWay: async () => {
      await expectDone();
      expect(called(path).sort()).toEqual(keys);
      const again = calls(path).filter((key, index, all) => all.indexOf(key) !== index);
      const runs = again.map((key) => key.replace(/\/action-\d+$/, ''));
      expect(new Set(runs).size).toBe(again.length);
      expect(again.length).toBeLessThanOrEqual(maxUnderWay);
    },
  };
}

it('R-184 when the worker is killed', async () => {
  const { publish: start, midway, expectOnceButUnderWay } = await scene('worker');
  await start();
  await midway();
  await installation.kill('worker');
  await startWorker();
  await expectOnceButUnderWay();
});

it('when the worker is stopped, as a deployment does it', async () => {
  const { publish: start, midway, expectOnce } = await scene('deploy');
  await start();
  await midway();
  await installation.stop('worker');
  await startWorker();
  await expectOnce();
});

it('when the ingress is killed', async () => {
  const { publish: start, midway, expectOnce } = await scene('ingress');
  await start();
  await midway();
  await installation.kill('ingress');
  await startIngress();
  await expectOnce();
});

it('when Temporal is killed', async () => {
  const { publish: start, midway, expectOnce } = await scene('temporal');
  await start();
  await midway();
  await installation.stack.servers.temporal.kill();
  await installation.stack.servers.temporal.start();
  await expectOnce();
});

it('when Temporal is away for longer than an attempt may take', async () => {
  const { publish: start, midway, expectOnce } = await scene('temporal-away');
  await start();
  await midway();
  await installation.stack.servers.temporal.kill();
  await sleep(callTimeoutMs + callBatchSlackMs + 2000);
  await installation.stack.servers.temporal.start();
  await expectOnce();
});

it('when Kafka is killed', async () => {
  const { publish: start, midway, expectOnce } = await scene('kafka');
  await start();
  await midway();
  await installation.stack.servers.kafka.kill();
  await installation.stack.servers.kafka.start();
  await expectOnce();
});

it('when the store is away for ten seconds', async () => {
  const { publish: start, midway, expectOnce } = await scene('store');
  await start();
  await midway();
  await installation.stack.servers.mongodb.kill();
  await sleep(10_000);
  await installation.stack.servers.mongodb.start();
  await expectOnce();
});

it('when every event is published twice, and replayed by a new group after a rule was added', async () => {
  const { ruleId, path, publish: start, expectOnce } = await scene('twice');
  await start();
  await start();
  await expectOnce();
  const calls = receiver.requests.length;
  const before = (await world.records()).length;
  const { trigger_event } = (await world.rules.get(ruleId)) ?? { trigger_event: '' };
  await liveRule(trigger_event, [webhook(path)]);
  await installation.stop('ingress');
  const group = world.newGroup();
  await installation.start('ingress', { ...world.env, KAFKA_GROUP_ID: group });
  await world.drained(group);
  expect((await world.records()).length).toBe(before);
  expect(receiver.requests.length).toBe(calls);
});

it('R-183 R-185 the rest of a chain runs after a delay through which everything was restarted, and not before', async () => {
  await until('the delayed actions are done', () => called('after').length === delayed.length, 90_000);
  const keys = delayed.map((id) => `${crmRunId(delayedRule, id)}/action-2`).sort();
  expect(called('after').sort()).toEqual(keys);
  expect((firstCall.get('/after') ?? 0) - (firstCall.get('/before') ?? 0)).toBeGreaterThanOrEqual(60_000);
  expect(called('before').sort()).toEqual(delayed.map((id) => `${crmRunId(delayedRule, id)}/action-0`).sort());
});
