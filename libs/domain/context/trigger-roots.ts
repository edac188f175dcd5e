/** Which roots of fields the events of a trigger have, those that tell most first: what a form offers for its conditions. */
import { findBrokerTopic } from '../events/triggers.ts';
import { topics } from '../events/platform-event.ts';
import { requestTrigger } from '../rules/process.ts';

const moved: ReadonlySet<string> = new Set(['deposit.created', 'withdrawal.created']);

/** @returns e.g. `['event', 'customer', 'account', 'brand', …]`; `amount_usd` and `brand` stand alone */
export function triggerRoots(trigger: string): string[] {
  if (trigger === requestTrigger) return ['data', 'customer', 'account', 'brand'];
  const topic = findBrokerTopic(trigger);
  if (topic === topics.account) return ['account', 'customer', 'brand'];
  if (topic === topics.trade)
    return [...(moved.has(trigger) ? ['amount_usd'] : []), 'trade', 'account', 'customer', 'brand'];
  const own = ['task', 'call'].filter((root) => trigger.startsWith(`${root}.`));
  const others = ['order', 'transaction', 'task', 'call'].filter((root) => !own.includes(root));
  return ['event', ...own, 'customer', 'account', 'brand', 'amount_usd', ...others];
}
