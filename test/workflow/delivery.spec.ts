/** The workflow that works off the queue of a run for a subscription, with an activity that says what it is told to. */
import { activityInfo } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { withFailureMapping } from '#temporal/activities/failure.ts';
import { wakeDelivery } from '#temporal/client/deliveries.ts';
import { deliveryTaskQueue, deliveryWorkflowId, type DeliveryActivities } from '#temporal/contract/delivery.ts';
import { servers, uniqueName } from '../support/servers.ts';
import { timeSkippingEnvironment, workflowBundle } from './run-harness.ts';

const hour = 3_600_000;
let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

interface Place {
  client: Client;
  connection: NativeConnection;
}

/** @param look what the activity says the nth time, from 1 on; @param meanwhile done once the workflow was woken */
async function deliver(
  look: (n: number) => number | null | Promise<number | null>,
  meanwhile: (wake: () => Promise<void>, looks: () => number) => Promise<void> = () => Promise.resolve(),
  { client, connection }: Place = { client: environment.client, connection: environment.nativeConnection },
  lookAt?: string,
) {
  const queue = uniqueName('delivery');
  const key = { subscription_id: uniqueName('subscription'), execution_id: 'rule-1:e-1' };
  let looks = 0;
  const attemptDelivery: DeliveryActivities['attemptDelivery'] = withFailureMapping(async (input) => {
    expect(input).toEqual(key);
    return look((looks += 1));
  });
  const taskQueue = deliveryTaskQueue(queue);
  const parts = { connection, taskQueue, activities: { attemptDelivery }, workflowBundle: workflowBundle() };
  const worker = await Worker.create(parts);
  return worker.runUntil(async () => {
    const wake = () => wakeDelivery(client.workflow, queue, key);
    await wakeDelivery(client.workflow, queue, key, lookAt);
    await meanwhile(wake, () => looks);
    const handle = client.workflow.getHandle(deliveryWorkflowId(key));
    await handle.result();
    const { startTime, closeTime } = await handle.describe();
    return { looks, tookMs: closeTime!.getTime() - startTime.getTime() };
  });
}

it('waits as long as it is told to, and ends when nothing waits', async () => {
  const { looks, tookMs } = await deliver((n) => [5 * hour, 0, hour, null][n - 1] ?? null);
  expect(looks).toBe(4);
  expect(tookMs).toBeGreaterThanOrEqual(6 * hour);
});

it('looks first when it is told to, and at once when it is woken before', async () => {
  const lookAt = new Date((await environment.currentTimeMs()) + 5 * hour).toISOString();
  const later = await deliver(() => null, undefined, undefined, lookAt);
  expect(later.looks).toBe(1);
  expect(later.tookMs).toBeGreaterThan(4.9 * hour);
  const inTenHours = new Date((await environment.currentTimeMs()) + 10 * hour).toISOString();
  const woken = await deliver(
    () => null,
    (wake) => wake(),
    undefined,
    inTenHours,
  );
  expect(woken.looks).toBe(1);
  expect(woken.tookMs).toBeLessThan(hour);
});

it('looks at once when it is woken while it waits', async () => {
  const { looks, tookMs } = await deliver(
    (n) => (n === 1 ? 8 * hour : null),
    async (wake, looks) => {
      await vi.waitFor(() => expect(looks()).toBe(1), { timeout: 30_000 });
      await wake();
    },
  );
  expect(looks).toBe(2);
  expect(tookMs).toBeLessThan(hour);
});

it('looks once more when it is woken during a look, and no oftener', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { looks } = await deliver(
    async (n) => {
      if (n === 1) await held;
      return null;
    },
    async (wake, looks) => {
      await vi.waitFor(() => expect(looks()).toBe(1), { timeout: 30_000 });
      for (let times = 0; times < 3; times += 1) await wake();
      release();
    },
  );
  expect(looks).toBe(2);
});

it('goes on after what is ours was away', async () => {
  const { looks } = await deliver((n) => {
    if (n < 4) throw new RetryableError('store_unavailable', 'the store is away');
    return null;
  });
  expect(looks).toBe(4);
});

it('begins anew when its history grows long', async () => {
  const address = servers().temporal;
  const connection = await NativeConnection.connect({ address });
  const outside = await Connection.connect({ address });
  const runs = new Set<string>();
  const place = { client: new Client({ connection: outside }), connection };
  await deliver(
    () => {
      runs.add(activityInfo().workflowExecution!.runId);
      return runs.size === 1 ? 0 : null;
    },
    undefined,
    place,
  );
  expect(runs.size).toBe(2);
  await outside.close();
  await connection.close();
});
