/**
 * Workflow `deliverToSubscription(DeliveryInput)`, with id `deliver/{subscription}/{run}`: works off the queue of events
 * of a run that wait for a subscription. The queue itself is in the store.
 */
import { defineSignal } from '@temporalio/workflow';
import type { DeliveryKey } from '#libs/domain/subscriptions/delivery.ts';

export interface DeliveryInput extends DeliveryKey {
  /** When to look at the queue first, ISO 8601 UTC; left out: at once. */
  look_at?: string;
}

export const deliverWorkflow = 'deliverToSubscription';

/** Attempts have a task queue of their own, which the delivery processes serve. */
export function deliveryTaskQueue(taskQueue: string): string {
  return `${taskQueue}-delivery`;
}

export function deliveryWorkflowId({ subscription_id, execution_id }: DeliveryKey): string {
  return `deliver/${subscription_id}/${execution_id}`;
}

/** Look at the queue at that time (ISO 8601 UTC), or at once: an event was added, or is wanted again. */
export const wakeSignal = defineSignal<[lookAt?: string]>('wake');

/** Activities on `deliveryTaskQueue`. */
export interface DeliveryActivities {
  /**
   * Makes the attempt that is due, if one is.
   * @returns milliseconds until the next one; null when the queue is empty, or waits for the subscription
   */
  attemptDelivery(input: DeliveryInput): Promise<number | null>;
}
