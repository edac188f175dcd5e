/** The fields that events of a trigger have, with those that tell most first. */
import type { JsonObject } from './condition-tree.ts';
import { isObject } from './condition-tree.ts';

interface Known {
  path: string;
  type: 'string' | 'number' | 'integer' | 'boolean' | 'id' | 'any';
  unit?: string;
  values?: { value: string | number; label: string }[];
  description: string;
}

export interface TriggerField extends Known {
  root: string;
  /** Whether events of the trigger have it. */
  isOwn: boolean;
}

interface TriggerLike {
  roots: readonly string[];
  fields?: readonly { path: string; type: 'string' | 'number' | 'boolean' }[];
}

/** Fields of one trigger alone. */
const fieldsOfOne: Readonly<Record<string, string>> = { 'event.inactive_days': 'customer.inactive_days' };

/** Amounts stand in events of these names. */
const amounts = /deposit|ftd|withdr|payment|amount/;

/** @param process of the rule: its data are fields, too */
export function fieldsFor(
  known: readonly Known[],
  triggerName: string,
  trigger: TriggerLike | null,
  process: unknown,
): TriggerField[] {
  const observed = (trigger?.fields ?? []).map((one): Known => ({ ...one, description: '' }));
  const paths = new Set(known.map(({ path }) => path));
  const all = [...known, ...observed.filter(({ path }) => !paths.has(path)), ...dataFields(process)];
  const roots = trigger?.roots ?? ['event', 'customer', 'account', 'brand'];
  const hasAmount = amounts.test(triggerName) || observed.some(({ path }) => path === 'event.amount');
  const isOwn = ({ path }: Known): boolean => {
    if (path in fieldsOfOne) return fieldsOfOne[path] === triggerName;
    if (path === 'event.amount' && !hasAmount) return false;
    return roots.includes(rootOf(path));
  };
  const rank = (field: Known): number => {
    const at = roots.indexOf(rootOf(field.path));
    return at === -1 ? roots.length : at;
  };
  return all
    .map((field) => ({ ...field, root: rootOf(field.path), isOwn: isOwn(field) }))
    .sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || rank(a) - rank(b));
}

function rootOf(path: string): string {
  return path.split('.')[0] ?? '';
}

const dataTypes: Readonly<Record<string, Known['type']>> = { TEXT: 'string', NUMERIC: 'number' };

function dataFields(process: unknown): Known[] {
  const items = isObject(process) && Array.isArray(process['data']) ? (process['data'] as unknown[]) : [];
  return items.filter(isObject).flatMap(({ name, type }: JsonObject): Known[] => {
    if (typeof name !== 'string' || name === '') return [];
    const path = `data.${name}`;
    if (type !== 'FILE') return [{ path, type: dataTypes[String(type)] ?? 'any', description: '' }];
    return [
      { path: `${path}.name`, type: 'string', description: '' },
      { path: `${path}.content_type`, type: 'string', description: '' },
      { path: `${path}.size`, type: 'integer', description: '' },
      { path: `${path}.description`, type: 'string', description: '' },
    ];
  });
}

/** How the values of a path are compared; as the API does, and for others as an event of the trigger has carried them. */
export function typeOfField(fields: readonly Known[], path: string): Known['type'] {
  return fields.find((field) => field.path === path)?.type ?? (path.endsWith('_status_id') ? 'id' : 'any');
}

/** The condition that is offered first: about an amount where there is one. */
export function firstField(fields: readonly TriggerField[]): string {
  const own = fields.filter(({ isOwn }) => isOwn);
  const amount = own.find(({ path }) => path === 'amount_usd' || path === 'event.amount');
  return (amount ?? own.find(({ path }) => path !== 'brand') ?? own[0])?.path ?? '';
}
