/** What of a rule's webhook reaches the activity that sends it, and what becomes of one that is under way. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHttpClient } from '#libs/http/http-client.ts';
import { makeCallsActivity } from '#temporal/activities/make-calls.activity.ts';
import { createWebhookSend } from '#temporal/activities/webhook-send.activity.ts';
import type { HttpActivities, WebhookSendInput } from '#temporal/contract/activities.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { Recording } from './recording-activities.ts';
import { carryOut, timeSkippingEnvironment } from './run-harness.ts';

const url = 'https://hooks.example.com/x';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('the webhooks of a rule', () => {
  it('R-083 R-084 R-085 R-086 R-087 are sent as the rule has them, with what acts where it says nothing', async () => {
    const headers = { 'Content-Type': 'text/plain', 'X-Own': 'a, b' };
    const given: [params: Record<string, unknown>, sent: Partial<WebhookSendInput>][] = [
      [{}, { method: 'POST', headers: {}, body: null, timeoutMs: 5000 }],
      [
        { method: 'DELETE', headers, body: 'gone' },
        { method: 'DELETE', headers, body: 'gone' },
      ],
      [{ timeout_ms: 1 }, { timeoutMs: 1000 }],
      [{ timeout_ms: 999 }, { timeoutMs: 1000 }],
      [{ timeout_ms: 1500 }, { timeoutMs: 1500 }],
      [{ timeout_ms: 30_001 }, { timeoutMs: 30_000 }],
      [{ timeout_ms: 999_999 }, { timeoutMs: 30_000 }],
    ];
    const types = ['webhook.send', 'webhook'] as const;
    const actions = types.flatMap((type) => given.map(([params]) => ({ type, params: { url, ...params } })));
    const { recording, record } = await carryOut(environment, actions);
    expect(record?.status).toBe('completed');
    expect(recording.calls.map(({ input }) => input)).toMatchObject([
      ...given.map(([, sent]) => ({ url, ...sent })),
      ...given.map(([, sent]) => ({ url, ...sent, method: 'POST' })),
    ]);
  });
});

/** The real activity, and the receiver that it calls. */
async function realCalls(recording: Recording, answer: Parameters<typeof startReceiver>[0]) {
  const receiver = await startReceiver(answer);
  const http = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test' });
  cleanups.push(
    () => receiver.close(),
    () => http.close(),
  );
  const directory = { endpoint: () => Promise.reject(new Error('no endpoint is asked for')) };
  const makeCalls = makeCallsActivity({
    webhookSend: createWebhookSend({ http, directory }),
    record: (told) => recording.activities.record(told),
    records: { get: () => Promise.resolve(null) },
    callsTogetherMs: 250,
  });
  return { receiver, httpActivities: { makeCalls } satisfies Partial<HttpActivities> };
}

describe('a run that is cancelled while it calls somebody', () => {
  it('hangs up, makes no further call, and says that the call was cancelled', async () => {
    const recording = new Recording();
    const { receiver, httpActivities } = await realCalls(recording, () => undefined);
    const call = { type: 'webhook.send', params: { url: receiver.url, timeout_ms: 30_000 } };
    let hungUpAfter = Infinity;
    const { record, events } = await carryOut(environment, [call, call, { type: 'notify.manager', params: {} }], {
      recording,
      httpActivities,
      meanwhile: async (run) => {
        await vi.waitFor(() => expect(receiver.requests).toHaveLength(1), { timeout: 60_000 });
        const since = performance.now();
        await run.cancel();
        await hangUp(receiver);
        hungUpAfter = performance.now() - since;
      },
    });
    // Of its own it would have waited for half a minute.
    expect(hungUpAfter).toBeLessThan(25_000);
    expect(receiver.requests).toHaveLength(1);
    expect(recording.calls).toEqual([]);
    expect(record).toMatchObject({
      status: 'failed',
      error: { code: 'Cancelled', action: 'action-0' },
      actions: [{ status: 'failed', error: { code: 'Cancelled' } }, { status: 'not_run' }, { status: 'not_run' }],
    });
    expect(events.at(-1)).toMatchObject({ eventType: 'WorkflowFailed', errorType: 'Cancelled' });
  });
});

async function hangUp(receiver: Receiver): Promise<void> {
  await vi.waitFor(() => expect(receiver.open.size).toBe(0), { timeout: 60_000, interval: 50 });
}
