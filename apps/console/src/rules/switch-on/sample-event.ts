import { fromConditions, type ShownCondition } from '../../explain/condition-node.ts';
import type { Rule } from '../../shared/client.ts';

/** An event of the rule's trigger to begin with, as JSON: what the conditions ask of it is filled in. */
export function sampleEvent({ trigger_event, brand, conditions }: Rule): string {
  const data: Record<string, unknown> = {};
  const fill = (node: ShownCondition): void => {
    const { field = '', wanted } = node;
    const [root, name, ...deeper] = field.split('.');
    const isOwn = root === 'event' && name !== undefined && deeper.length === 0;
    const value: unknown = Array.isArray(wanted) ? (wanted as unknown[])[0] : wanted;
    // An event that brings a member of this name along would have another prototype.
    if (isOwn && name !== '__proto__' && value !== undefined) data[name] ??= value;
    for (const child of node.children) fill(child);
  };
  const root = fromConditions(conditions);
  if (root !== null) fill(root);
  return JSON.stringify({ type: trigger_event, brand: brand ?? '', customerId: '', data }, null, 2);
}

/** Members that were left empty are left out. @throws SyntaxError for what is no JSON, TypeError for what is no object */
export function readEvent(text: string): Record<string, unknown> {
  const event = JSON.parse(text) as unknown;
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw new TypeError('no object');
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== ''));
}
