/** Calls of runs on the real server, made by the real activities. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { RunAction } from '#libs/domain/runs/run.ts';
import { createHttpClient } from '#libs/http/http-client.ts';
import { closedRuns } from '#temporal/activities/scheduled/closed-runs.ts';
import type { ClosedRun } from '#temporal/activities/scheduled/closed-run.ts';
import { withFailureMapping } from '#temporal/activities/failure.ts';
import { inTurn } from '#temporal/activities/run/in-turn.ts';
import { withStored } from '#temporal/activities/outbound/kept-outcomes.ts';
import { callBatchActivity, type CallBatchPorts } from '#temporal/activities/run/call-batch.activity.ts';
import { createWebhookSend, type WebhookSendDependencies } from '#temporal/activities/outbound/webhook.activity.ts';
import { startReceiver, type ReceivedRequest, type Receiver } from '../support/receiver.ts';
import { servers } from '../support/servers.ts';
import { Recording } from './recording-activities.ts';
import { executeRun, type FinishedRun, type RunOptions } from './run-harness.ts';

const retryPolicy = { timeout: 60_000, interval: 50 };
const away = new RetryableError('store_unavailable', 'the store is away');

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  environment = await TestWorkflowEnvironment.createFromExistingServer({ address: servers().temporal });
});
afterAll(() => environment.teardown());

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** @param answer status of each call, in their order; the last one goes on; null for none yet */
async function receiver(...statuses: number[]): Promise<Receiver> {
  const started = await startReceiver((_request, response) => {
    response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200).end();
  });
  cleanups.push(() => started.close());
  return started;
}

interface World extends RunOptions {
  endpoint?: WebhookSendDependencies['directory']['endpoint'];
  ports?: Partial<CallBatchPorts>;
}

function run(actions: RunAction[], { endpoint, ports, ...options }: World = {}): Promise<FinishedRun> {
  const recording = options.recording ?? new Recording();
  recording.client = environment.client;
  const http = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test' });
  cleanups.push(() => http.close());
  const directory = { endpoint: endpoint ?? (() => Promise.reject(new Error('no endpoint is asked for'))) };
  const callBatch = callBatchActivity({
    ...recording.ports,
    webhookSend: createWebhookSend({ http, directory }),
    record: (told) => recording.activities.recordRun(told),
    records: { get: () => Promise.resolve(null) },
    callsTogetherMs: 250,
    ...ports,
  });
  const httpActivities = { executeCallBatch: withFailureMapping(inTurn(callBatch)) };
  return executeRun(environment, actions, { ...options, recording, httpActivities });
}

const webhook = (url: string): RunAction => ({
  type: 'webhook.send',
  params: { url, method: 'POST', timeout_ms: 10_000 },
});
const keys = (requests: ReceivedRequest[]) => requests.map(({ headers }) => headers['idempotency-key']);

describe('an outage of our own', () => {
  it('costs a receiver none of its attempts, however long it lasts', async () => {
    const target = await receiver(204);
    let asked = 0;
    const endpoint = (name: string) =>
      ++asked <= 5 ? Promise.reject(away) : Promise.resolve({ name, url: target.url });
    const { record } = await run([{ type: 'webhook', params: { target: 'crm' } }], { endpoint });
    expect(asked).toBe(6);
    expect(target.requests).toHaveLength(1);
    expect(record).toMatchObject({ status: 'completed', actions: [{ status: 'completed', attempts: 1 }] });
  }, 120_000);

  it('during the attempts of the second call leaves the first one answered, and made once', async () => {
    const target = await receiver(204, 503, 503, 204);
    const recording = new Recording();
    let refusals = 0;
    const callOutcomes: CallBatchPorts['callOutcomes'] = {
      put: () => Promise.resolve(),
      get: () => (++refusals <= 5 ? Promise.reject(away) : Promise.resolve([])),
    };
    const { record, input } = await run([webhook(target.url), webhook(target.url)], {
      recording,
      ports: { callOutcomes },
    });
    const id = input.executionId;
    expect(keys(target.requests)).toEqual([0, 1, 1, 1].map((index) => `${id}/action-${index}`));
    expect(record?.actions).toMatchObject([
      { status: 'completed', attempts: 1 },
      { status: 'completed', attempts: 3 },
    ]);
  }, 120_000);
});

describe('a call that fails', () => {
  it('is made five times, and those that were answered before it once', async () => {
    const target = await receiver(204, 503);
    const { record, input } = await run([webhook(target.url), webhook(target.url), webhook(target.url)]);
    const id = input.executionId;
    expect(keys(target.requests)).toEqual([0, 1, 1, 1, 1, 1].map((index) => `${id}/action-${index}`));
    expect(record).toMatchObject({
      status: 'failed',
      error: { code: 'webhook_status', action: 'action-1' },
      actions: [{ status: 'completed', attempts: 1 }, { status: 'failed', attempts: 5 }, { status: 'not_run' }],
    });
  }, 120_000);

  it('is made no more when the run is cancelled, which says what became of it', async () => {
    const target = await receiver(204, 503);
    const { record } = await run([webhook(target.url), webhook(target.url), webhook(target.url)], {
      meanwhile: async (handle) => {
        await vi.waitFor(() => expect(target.requests.length).toBeGreaterThanOrEqual(3), retryPolicy);
        await handle.cancel();
      },
    });
    const [first, second, third] = record?.actions ?? [];
    expect(first).toMatchObject({ status: 'completed' });
    expect(second).toMatchObject({ status: 'failed', error: { code: 'Cancelled' } });
    expect(second?.error?.message).toContain('before, the action had failed: POST');
    expect(third).toMatchObject({ status: 'not_run' });
    expect(target.requests.length).toBe(1 + (second?.attempts ?? 0));
  }, 120_000);
});

it('lets a call end that the receiver has when the run is cancelled, and keeps its outcome', async () => {
  let answer = (): void => undefined;
  const target = await startReceiver((_request, response) => void (answer = () => void response.writeHead(204).end()));
  cleanups.push(() => target.close());
  const slow = { type: 'webhook.send', params: { url: target.url, method: 'POST', timeout_ms: 30_000 } };
  const { record } = await run([slow, slow], {
    meanwhile: async (handle) => {
      await vi.waitFor(() => expect(target.requests).toHaveLength(1), retryPolicy);
      await handle.cancel();
      // Longer than a heartbeat takes to tell a worker of it.
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      answer();
    },
  });
  expect(target.requests).toHaveLength(1);
  expect(record).toMatchObject({
    error: { code: 'Cancelled', action: 'action-1' },
    actions: [{ status: 'completed', attempts: 1 }, { status: 'not_run' }],
  });
}, 120_000);

function inputBytes({ events }: Awaited<ReturnType<FinishedRun['handle']['fetchHistory']>>): number[] {
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    (scheduled?.input?.payloads ?? []).map(({ data }) => data?.length ?? 0),
  );
}

describe('a small event', () => {
  it('goes along with the calls that need it: nobody asks Temporal for it', async () => {
    const target = await receiver(204);
    const body = '{"for":"{{brand}}"}';
    const endpoint = (name: string) => Promise.resolve({ name, url: target.url, body });
    const runContext = vi.fn<CallBatchPorts['runContext']>(() => Promise.reject(new Error('nobody has to ask')));
    const action = { type: 'webhook', params: { target: 'crm' } };
    const { record } = await run([action, action], { endpoint, ports: { runContext } });
    expect(record?.status).toBe('completed');
    expect(target.requests.map((request) => request.body)).toEqual(['{"for":"acme"}', '{"for":"acme"}']);
    expect(runContext).not.toHaveBeenCalled();
  }, 120_000);
});

describe('a large event', () => {
  const event = { note: 'x'.repeat(250_000) };

  it.each([9, 20, 50])(
    'does not keep %d calls by target from being made, and stands in the history a few times',
    async (count) => {
      const target = await receiver(204);
      const body = '{"for":"{{brand}}"}';
      const endpoint = (name: string) => Promise.resolve({ name, url: target.url, body });
      const actions = Array.from({ length: count }, () => ({ type: 'webhook', params: { target: 'crm' } }));
      const { record, handle } = await run(actions, { endpoint, input: { context: { brand: 'acme', event } } });
      expect(record?.status).toBe('completed');
      expect(new Set(keys(target.requests)).size).toBe(count);
      expect(new Set(target.requests.map((request) => request.body))).toEqual(new Set(['{"for":"acme"}']));
      // The event goes out with WorkflowStarted, beside the first of them.
      const bytes = inputBytes(await handle.fetchHistory()).reduce((sum, one) => sum + one, 0);
      expect(bytes).toBeLessThan(2 * event.note.length);
    },
    120_000,
  );

  it('is met with calls of large bodies, too', async () => {
    const target = await receiver(204);
    // A control character takes six bytes in JSON.
    const body = '\u0001'.repeat(30_000);
    const actions = Array.from({ length: 8 }, () => ({
      type: 'webhook.send',
      params: { url: target.url, method: 'POST', body },
    }));
    const { record, handle } = await run(actions, { input: { context: { brand: 'acme', event } } });
    expect(record?.status).toBe('completed');
    expect(target.requests).toHaveLength(8);
    expect(Math.max(...inputBytes(await handle.fetchHistory()))).toBeLessThan(1_000_000);
  }, 120_000);
});

describe('a run that is terminated', () => {
  const storyOf = async (handle: FinishedRun['handle'], recording: Recording) => {
    const { workflowId: executionId } = handle;
    const { taskQueue } = await handle.describe();
    const found: ClosedRun[] = [];
    await vi.waitFor(async () => {
      for await (const closed of closedRuns(environment.client, taskQueue, null)) found.push(closed);
      expect(found.map((closed) => closed.executionId)).toContain(executionId);
    }, retryPolicy);
    return withStored(found[0]!, recording.ports.callOutcomes).story();
  };

  it('leaves the outcomes of calls that were answered, also of those that were so after its end', async () => {
    const answers: (() => void)[] = [];
    const target = await startReceiver((_request, response) => {
      if (answers.push(() => void response.end()) < 3) answers.at(-1)?.();
    });
    cleanups.push(() => target.close());
    const recording = new Recording();
    const slow = { type: 'webhook.send', params: { url: target.url, timeout_ms: 30_000 } };
    const { handle } = await run([slow, slow, slow, slow], {
      recording,
      meanwhile: async (run) => {
        await vi.waitFor(() => expect(answers).toHaveLength(3), retryPolicy);
        await run.terminate('wrong customer');
        answers[2]?.();
        await vi.waitFor(() => expect(recording.outcomes.size).toBe(3), retryPolicy);
      },
    });
    const { outcomes } = await storyOf(handle, recording);
    expect(outcomes?.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed', 'not_run']);
    expect(target.requests).toHaveLength(3);
  }, 120_000);

  it('leaves the outcomes that stand in its history where no worker can tell', async () => {
    const target = await receiver(204);
    const recording = new Recording();
    const sms = { type: 'send_sms', params: { body: 'Hi', to: '+5511987654321' } };
    const delay = { type: 'delay', params: { value: 1, unit: 'days' } };
    const notify = { type: 'notify.manager', params: {} };
    const { handle } = await run([notify, webhook(target.url), sms, delay, notify], {
      recording,
      meanwhile: async (run) => {
        await vi.waitFor(async () => {
          const { events } = await run.fetchHistory();
          expect(events?.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes)).toBe(true);
        }, retryPolicy);
        await run.terminate('wrong customer');
      },
    });
    const { outcomes } = await storyOf(handle, recording);
    expect(outcomes?.map(({ status }) => status)).toEqual([
      'completed',
      'completed',
      'completed',
      'not_run',
      'not_run',
    ]);
    expect(outcomes?.[2]).toMatchObject({ type: 'send_sms', attempts: 1, detail: 'sendSms done' });
  }, 120_000);
});
