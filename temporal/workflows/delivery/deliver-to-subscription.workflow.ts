/**
 * The one place at which attempts at the waiting events of a run for a subscription are made, and the durable timer
 * between them. The queue is in the store: this run holds nothing, and begins anew whenever Temporal suggests it.
 */
import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import { wakeSignal, type DeliveryActivities, type DeliveryInput } from '#temporal/contract/delivery.ts';
import { deliveryOptions } from '../activity-options.ts';

const { attemptDelivery } = proxyActivities<DeliveryActivities>(deliveryOptions);

export async function deliverToSubscription({ look_at, ...key }: DeliveryInput): Promise<void> {
  let lookAt = toTime(look_at);
  setHandler(wakeSignal, (at) => void (lookAt = Math.min(lookAt, toTime(at))));
  while (!workflowInfo().continueAsNewSuggested) {
    await untilTime(() => lookAt);
    lookAt = Infinity;
    const waitMs = await attemptDelivery(key);
    if (waitMs !== null) lookAt = Math.min(lookAt, Date.now() + waitMs);
    // What woke it during the attempt may have come too late for it.
    if (lookAt === Infinity) return;
  }
  await continueAsNew<typeof deliverToSubscription>({ ...key, look_at: new Date(lookAt).toISOString() });
}

/** @param readTime milliseconds since 1970: may become earlier meanwhile */
async function untilTime(readTime: () => number): Promise<void> {
  for (let time = readTime(); time > Date.now(); time = readTime()) {
    const awaited = time;
    await condition(() => readTime() < awaited, awaited - Date.now());
  }
}

function toTime(at: string | undefined): number {
  return at === undefined ? 0 : Date.parse(at);
}
