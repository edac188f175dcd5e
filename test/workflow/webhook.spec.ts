/** What of a rule's webhook reaches the activity that sends it. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebhookSendInput } from '#temporal/contract/activities.ts';
import { executeRun, timeSkippingEnvironment } from './run-harness.ts';

const url = 'https://hooks.example.com/x';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

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
    const { recording, record } = await executeRun(environment, actions);
    expect(record?.status).toBe('completed');
    expect(recording.calls.map(({ input }) => input)).toMatchObject([
      ...given.map(([, sent]) => ({ url, ...sent })),
      ...given.map(([, sent]) => ({ url, ...sent, method: 'POST' })),
    ]);
  });
});
