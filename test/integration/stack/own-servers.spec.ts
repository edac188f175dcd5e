/** Servers that nobody has prepared: each process says what is missing, and what can be made is made. */
import { crmRunId } from '../../support/runs.ts';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../apps/cli/run-cli.ts';
import { startApi } from '../../../apps/api/api.app.ts';
import { startWorker } from '../../../apps/worker/worker.app.ts';
import { loadConfig } from '#libs/config/config.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { kafkaCheck } from '#libs/kafka/health.ts';
import { ensureTopics } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { searchAttributes } from '#temporal/contract/names.ts';
import { checkNamespace, prepareNamespace } from '#temporal/client/temporal-setup.ts';
import { startBareTemporal, type BareTemporal } from '../../support/bare-temporal.ts';
import { IngressWorld, until, type Environment } from '../../support/ingress.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { freePort } from '../../../stack/ports.ts';

let bare: BareTemporal;
let connection: Connection;

beforeAll(async () => {
  bare = await startBareTemporal();
  connection = await Connection.connect({ address: bare.address });
});
afterAll(async () => {
  await connection.close();
  await bare.close();
});

const retryMs = 60_000;
const addCommand =
  'temporal operator search-attribute create --namespace default --name RuleId --type Keyword --name Brand --type Keyword';

interface Ready {
  status: string;
  error: Record<string, { error?: string }>;
}

/** What a process says of one dependency. */
async function errorOf(url: string, dependency: string): Promise<string | undefined> {
  const answer = (await (await fetch(`${url}/health/ready`)).json()) as Ready;
  return answer.error[dependency]?.error;
}

/** A namespace of the test's own, which the server has heard of. */
async function newNamespace(): Promise<string> {
  const namespace = uniqueName('namespace');
  const { workflowService } = connection;
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
  await until('the namespace is known', () =>
    connection.operatorService.listSearchAttributes({ namespace }).then(
      () => true,
      () => false,
    ),
  );
  return namespace;
}

async function setup(env: Environment): Promise<{ code: number; out: string[]; notes: string[] }> {
  const out: string[] = [];
  const notes: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    note: (text: string) => void notes.push(text),
    readInput: () => Promise.resolve(Buffer.alloc(0)),
  };
  return { code: await runCli(['setup'], env, terminal), out, notes };
}

describe('a Temporal server without the search attributes of runs', () => {
  it('is named by ingress and API with the command that adds them, and runs start once they are added', async () => {
    const world = await IngressWorld.create({ ...servers(), temporal: bare.address });
    const stopping = new AbortController();
    const port = await freePort();
    const api = await startApi({
      config: loadConfig({ ...world.env, API_PORT: String(port), SESSION_SECRET: 'x'.repeat(32) }),
      log: createLogger('api', 'silent'),
      registry: createMetrics('api'),
      stopping: stopping.signal,
    });
    try {
      const rule = await world.rule({ trigger_event: 'customer.deposited' });
      const ingress = await world.startIngress();
      await world.rulesLive(ingress);
      for (const url of [ingress.url, `http://127.0.0.1:${port}`]) {
        const error = await errorOf(url, 'temporal');
        expect(error).toContain('does not know the search attributes RuleId, Brand, TriggerEvent, EventId');
        expect(error).toContain(addCommand);
        expect((await fetch(`${url}/health/ready`)).status).toBe(503);
      }
      await world.publish(topics.crm, { value: { id: 'waits', type: 'customer.deposited', brand: 'alpha', data: {} } });

      const first = await setup(world.env);
      expect(first).toMatchObject({ code: 0, notes: [] });
      expect(first.out[0]).toBe(
        'Temporal: made the search attributes RuleId, Brand, TriggerEvent, EventId, CustomerId, Login, RunState',
      );
      expect((await setup(world.env)).out).toEqual([
        'Temporal: the search attributes were there',
        'Kafka: the topics were there',
        'store: the indexes are there',
      ]);
      await world.ready(ingress);
      await world.drained();
      const { status } = await world.temporal.workflow.getHandle(crmRunId(rule, 'waits')).describe();
      expect(status.name).toBe('RUNNING');
    } finally {
      stopping.abort();
      await api.close();
      await world.close();
    }
  });

  it('is prepared by a worker that starts', async () => {
    const namespace = await newNamespace();
    await expect(checkNamespace(connection, namespace)).rejects.toMatchObject({ code: 'temporal_not_ready' });
    const world = await IngressWorld.create({ ...servers(), temporal: bare.address });
    const stopping = new AbortController();
    const worker = await startWorker({
      config: loadConfig({ ...world.env, TEMPORAL_NAMESPACE: namespace, WORKER_PORT: '0' }),
      log: createLogger('worker', 'silent'),
      registry: createMetrics('worker'),
      stopping: stopping.signal,
    });
    try {
      await checkNamespace(connection, namespace);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      const names = Object.values(searchAttributes).map(({ name }) => name);
      expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(names));
    } finally {
      stopping.abort();
      await worker.close();
      await world.close();
    }
  });

  it('is refused with a reason when one of them has another type', async () => {
    const namespace = await newNamespace();
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { Login: 2 } });
    await expect(prepareNamespace(connection, namespace)).rejects.toThrow(
      `the search attribute Login of the Temporal namespace "${namespace}" has another type than INT`,
    );
  });
});

describe('a namespace that does not exist', () => {
  it('is named by worker and setup, with the command that makes it, and waited for', async () => {
    const world = await IngressWorld.create({ ...servers(), temporal: bare.address });
    const namespace = uniqueName('absent');
    const port = await freePort();
    const env = { ...world.env, TEMPORAL_NAMESPACE: namespace, WORKER_PORT: String(port) };
    const stopping = new AbortController();
    const worker = startWorker({
      config: loadConfig(env),
      log: createLogger('worker', 'silent'),
      registry: createMetrics('worker'),
      stopping: stopping.signal,
    });
    try {
      const told = `the Temporal namespace "${namespace}" does not exist; make it: temporal operator namespace create --namespace ${namespace}`;
      await until(
        'the worker says that the namespace is missing',
        async () => (await errorOf(`http://127.0.0.1:${port}`, 'temporal').catch(() => ''))?.includes(told) ?? false,
        retryMs,
      );
      const { code, notes } = await setup(env);
      expect(code).toBe(3);
      expect(notes).toEqual([`Temporal: ${told}`, 'signalbox: 1 of 3 servers are not ready']);
    } finally {
      stopping.abort();
      await (await worker).close();
      await world.close();
    }
  });
});

describe('a Kafka cluster without the topics', () => {
  it('is named by the check of every process, until they are made', async () => {
    const world = await IngressWorld.create();
    const settings = { ...world.config.kafka, topicPrefix: `${uniqueName('absent')}.` };
    const check = kafkaCheck(world.kafka, settings);
    try {
      const { signal } = new AbortController();
      await expect(check.check(signal)).rejects.toThrow(
        `Kafka does not show the topics ${settings.topicPrefix}trade.push, `,
      );
      await withAdmin(world.kafka, (admin) => ensureTopics(admin, settings));
      await check.check(signal);
    } finally {
      await check.close();
      await world.close();
    }
  });
});
