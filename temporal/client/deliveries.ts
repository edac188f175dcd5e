/** Wakes the workflow that works off the queue of events of a run that wait for a subscription, and starts it where it is not. */
import { isGrpcServiceError, WorkflowIdReusePolicy, type WorkflowClient } from '@temporalio/client';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { DeliveryKey } from '#libs/domain/subscriptions/delivery.ts';
import {
  deliverWorkflow,
  deliveryTaskQueue,
  deliveryWorkflowId,
  wakeSignal,
  type DeliveryInput,
} from '#temporal/contract/delivery.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

/** How long one attempt may take, in milliseconds. */
const deadlineMs = 10_000;
/** Temporal takes summaries of 400 bytes. */
const maxSummary = 100;
/** gRPC status `INVALID_ARGUMENT`. */
const invalidArgument = 3;

/**
 * Resolves when Temporal has taken it: a worker then looks at the queue, even if this process dies.
 * @param taskQueue of the runs
 * @param lookAt when to look at it, ISO 8601 UTC; at once if it is left out
 * @throws PermanentError `wake_refused` when Temporal will never take this one; anything else may pass
 */
export async function wakeDelivery(
  client: WorkflowClient,
  taskQueue: string,
  key: DeliveryKey,
  lookAt?: string,
): Promise<void> {
  const { subscription_id, execution_id } = key;
  const input: DeliveryInput = { subscription_id, execution_id, ...(lookAt !== undefined && { look_at: lookAt }) };
  const wake = () =>
    client.signalWithStart(deliverWorkflow, {
      taskQueue: deliveryTaskQueue(taskQueue),
      workflowId: deliveryWorkflowId(key),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      args: [input],
      signal: wakeSignal,
      signalArgs: [lookAt],
      staticSummary: shorten(`Events of run ${execution_id} for subscription ${subscription_id}`, maxSummary),
    });
  try {
    await client.withDeadline(Date.now() + deadlineMs, wake);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code: number | null = isGrpcServiceError(cause) ? cause.code : null;
    if (!isGrpcServiceError(cause) || code !== invalidArgument) throw error;
    throw new PermanentError('wake_refused', `Temporal refuses the delivery: ${cause.details}`, { cause: error });
  }
}
