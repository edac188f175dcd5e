/** Wakes the workflow that works off the queue of events of a run that wait for a subscription, and starts it where it is not. */
import { WorkflowIdReusePolicy, type WorkflowClient } from '@temporalio/client';
import type { DeliveryKey } from '#libs/domain/subscriptions/delivery.ts';
import { deliverWorkflow, deliveryTaskQueue, deliveryWorkflowId, wakeSignal } from '#temporal/contract/delivery.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

/** How long one attempt may take, in milliseconds. */
const deadlineMs = 10_000;
/** Temporal takes summaries of 400 bytes. */
const maxSummary = 100;

/**
 * Resolves when Temporal has taken it: the queue is then looked at, whoever dies.
 * @param taskQueue of the runs. @throws what the client throws; it may pass, and to ask again is harmless
 */
export async function wakeDelivery(client: WorkflowClient, taskQueue: string, key: DeliveryKey): Promise<void> {
  const { subscription_id, execution_id } = key;
  await client.withDeadline(Date.now() + deadlineMs, () =>
    client.signalWithStart(deliverWorkflow, {
      taskQueue: deliveryTaskQueue(taskQueue),
      workflowId: deliveryWorkflowId(key),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      args: [{ subscription_id, execution_id }],
      signal: wakeSignal,
      staticSummary: shorten(`Events of run ${execution_id} for subscription ${subscription_id}`, maxSummary),
    }),
  );
}
