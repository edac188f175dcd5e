/**
 * The one place at which attempts at the waiting events of a run for a subscription are made, and the durable timer
 * between them. The queue is in the store: this run holds nothing, and begins anew whenever Temporal suggests it.
 */
import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import { wakeSignal, type DeliveryActivities, type DeliveryInput } from '#temporal/contract/delivery.ts';
import { deliveryOptions } from '../activity-options.ts';

const { attemptDelivery } = proxyActivities<DeliveryActivities>(deliveryOptions);

export async function deliverToSubscription(input: DeliveryInput): Promise<void> {
  let isWoken = false;
  setHandler(wakeSignal, () => void (isWoken = true));
  while (!workflowInfo().continueAsNewSuggested) {
    isWoken = false;
    const waitMs = await attemptDelivery(input);
    // What woke it during the attempt may have come too late for it.
    if (waitMs === null && !isWoken) return;
    if (waitMs !== null && waitMs > 0) await condition(() => isWoken, waitMs);
  }
  await continueAsNew<typeof deliverToSubscription>(input);
}
