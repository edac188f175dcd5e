import { fromConditions, type ShownCondition } from '../../explain/condition-node.ts';
import type { Rule } from '../../shared/client.ts';
import { exampleEvent, topicFor } from '../../shared/rule/example-event.ts';

/**
 * An event of the rule's trigger to begin with, as JSON: what the conditions ask of it is filled in.
 * @param login of an account that there is
 */
export function sampleEvent({ trigger_event, brand, conditions }: Rule, login: number | null): string {
  const topic = topicFor(trigger_event);
  const example = exampleEvent(trigger_event, topic, login);
  const event =
    topic === 'crm.events' ? { type: trigger_event, brand: brand ?? '', customerId: '', data: {} } : example;
  const { data, record } = event as Record<string, Record<string, unknown> | undefined>;
  const asked = new Map<string, unknown>();
  collect(fromConditions(conditions), asked);
  for (const [field, value] of asked) {
    const [root, name, ...deeper] = field === 'amount_usd' ? ['trade', field] : field.split('.');
    const members = root === 'event' ? data : root === 'trade' || root === 'account' ? record : undefined;
    // An event that brings a member of this name along would have another prototype.
    if (members !== undefined && name !== undefined && deeper.length === 0 && name !== '__proto__')
      members[name] = value;
  }
  return JSON.stringify(event, null, 2);
}

/** A value for each field, of the first condition that names it. */
function collect(node: ShownCondition | null, asked: Map<string, unknown>): void {
  if (node === null) return;
  const { field, operator, wanted, children } = node;
  const value: unknown = Array.isArray(wanted) ? (wanted as unknown[])[0] : wanted;
  const step = operator === 'gt' ? 1 : operator === 'lt' ? -1 : 0;
  const fit = typeof value === 'number' ? value + step : value;
  if (field !== undefined && fit !== undefined && !asked.has(field)) asked.set(field, fit);
  for (const child of children) collect(child, asked);
}

/** Members that were left empty are left out. @throws SyntaxError for what is no JSON, TypeError for what is no object */
export function readEvent(text: string): Record<string, unknown> {
  const event = JSON.parse(text) as unknown;
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw new TypeError('no object');
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== ''));
}
