/**
 * A process that stands still for longer than the others wait for it, as a virtual machine does that is paused or moved:
 * a replica takes over what it had, and then it goes on where it was, with what it knew. Nothing is done twice by both.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { Installation } from '../support/apps.ts';
import { IngressWorld, until } from '../support/ingress.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { crmRunId } from '../support/runs.ts';
import { uniqueName } from '../support/servers.ts';

/**
 * Milliseconds. Temporal gives tasks to a worker that stands still for as long as a poll of it is open, a minute; each
 * counts as lost after 40 seconds, and is tried again up to 30 seconds later; and a busy machine takes its time.
 */
const patience = 360_000;
vi.setConfig({ testTimeout: 3 * patience });

const events = 200;
const logins = 10;
const changes = 20;
const callTimeoutMs = 2000;

let installation: Installation;
let world: IngressWorld;
let receiver: Receiver;

beforeAll(async () => {
  installation = await Installation.create();
  world = await IngressWorld.create(installation.servers);
  receiver = await startReceiver((_request, response) => void setTimeout(() => response.writeHead(204).end(), 20));
});

afterAll(async () => {
  await world.close();
  await installation.close();
  await receiver.close();
});

const start = (name: 'ingress' | 'worker', as: string) =>
  installation.start(name, { ...world.env, WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', INGRESS_CHUNK_SIZE: '5' }, as);

const keysAt = (path: string) =>
  receiver.requests.filter(({ url }) => url === `/${path}`).map(({ headers }) => String(headers['idempotency-key']));

/** @param at each ingress that may be given an event of it */
async function liveRule(trigger_event: string, path: string, at: string[]): Promise<string> {
  const call = { type: 'webhook.send', params: { url: `${receiver.url}/${path}`, timeout_ms: callTimeoutMs } };
  const id = await world.rule({ trigger_event, actions: [call, call] });
  const { rules } = await world.rules.snapshot();
  await until('the rule is live', async () => {
    const loaded = await Promise.all(at.map((name) => installation.metric(name, 'signalbox_rules_loaded')));
    return loaded.every((count) => count === rules.length);
  });
  return id;
}

const crmEvent = (id: string, type: string) => ({ key: id, value: { id, type, brand: 'alpha', data: {} } });
const keysOf = (rule: string, ids: string[]) =>
  ids.flatMap((id) => [0, 1].map((index) => `${crmRunId(rule, id)}/action-${index}`)).sort();

it('an ingress that goes on after its partitions went to another starts nothing twice and changes nothing back', async () => {
  await start('ingress', 'ingress');
  await start('worker', 'worker');
  const [type, path] = [uniqueName('type'), uniqueName('path')];
  const rule = await liveRule(type, path, ['ingress']);
  const ids = Array.from({ length: events }, () => uniqueName('evt'));
  const update = (login: number, version: number) => ({
    key: String(login),
    value: {
      id: uniqueName('account'),
      event: 'EV_RECORD_UPDATE',
      record: { login, group: 'real-a', name: `version ${version}` },
    },
  });
  const numbers = Array.from({ length: logins }, (_, n) => 72_000 + n);
  const versions = Array.from({ length: changes }, (_, n) => n + 1);
  for (const version of versions) await world.publish(topics.account, ...numbers.map((n) => update(n, version)));
  await world.publish(topics.crm, ...ids.map((id) => crmEvent(id, type)));
  const started = async () => (await world.records()).filter(({ rule_id }) => rule_id === rule).length;
  await until('some have been started', async () => (await started()) > 10, patience);
  const goOn = installation.freeze('ingress');
  expect(await started()).toBeLessThan(events);
  await start('ingress', 'replica');
  await until('the replica has executed every event', async () => (await started()) === events, patience);
  await world.drained();
  goOn();
  const late = Array.from({ length: 20 }, () => uniqueName('late'));
  await world.publish(topics.crm, ...late.map((id) => crmEvent(id, type)));
  const all = [...ids, ...late];
  await until('every call is made', () => keysAt(path).length >= 2 * all.length, patience);
  await until('both are members', async () => {
    const ready = ['ingress', 'replica'].map((name) => fetch(`${installation.url(name)}/health/ready`));
    return (await Promise.all(ready)).every(({ ok }) => ok);
  });
  await world.drained();
  expect(keysAt(path).sort()).toEqual(keysOf(rule, all));
  const accounts = await world.directory.accounts(numbers);
  expect(numbers.map((n) => accounts.get(n)?.name)).toEqual(numbers.map(() => `version ${changes}`));
});

it('a worker that goes on after its calls went to another repeats at most the one of each run that was under way', async () => {
  const [type, path] = [uniqueName('type'), uniqueName('path')];
  const rule = await liveRule(type, path, ['ingress', 'replica']);
  const ids = Array.from({ length: events }, () => uniqueName('evt'));
  await world.publish(topics.crm, ...ids.map((id) => crmEvent(id, type)));
  await until('some calls are made', () => keysAt(path).length > events / 4, patience);
  const goOn = installation.freeze('worker');
  await start('worker', 'another worker');
  const ended = async () => {
    const records = (await world.records()).filter(({ rule_id }) => rule_id === rule);
    return records.length === events && records.every(({ status }) => status === 'completed');
  };
  await until('the other has executed every run', ended, patience);
  goOn();
  const late = Array.from({ length: 20 }, () => uniqueName('late'));
  await world.publish(topics.crm, ...late.map((id) => crmEvent(id, type)));
  const all = [...ids, ...late];
  const called = () => new Set(keysAt(path));
  await until('every call is made', () => called().size >= 2 * all.length, patience);
  await until('the worker is ready', async () => (await fetch(`${installation.url('worker')}/health/ready`)).ok);
  expect([...called()].sort()).toEqual(keysOf(rule, all));
  const again = keysAt(path).filter((key, index, made) => made.indexOf(key) !== index);
  const runs = new Set(again.map((key) => key.replace(/\/action-\d+$/, '')));
  expect(again.length).toBe(runs.size);
});
