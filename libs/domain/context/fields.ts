/** The fields conditions may read: what the rule builder offers, as data. */
import { contextRoots } from './evaluation-context.ts';
import type { Status } from '../directory/directory.ts';
import { isFieldPath } from './field-path.ts';

/**
 * How values of a field are compared. `number` and `integer` also read text that writes a number; `boolean` also reads
 * 0 and 1; `id` takes 7 and "7" for the same; `any` compares values as they are.
 */
export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'id' | 'any';

export interface FieldValue {
  value: string | number;
  label: string;
}

export interface FieldSchema {
  path: string;
  type: FieldType;
  unit?: string;
  /** Values to choose from, where they are known. */
  values?: FieldValue[];
  description: string;
}

const commands = ['OP_BUY', 'OP_SELL', 'OP_BALANCE_IN', 'OP_BALANCE_OUT'].map((value) => ({ value, label: value }));

const field = (path: string, type: FieldType, description: string, more: Partial<FieldSchema> = {}): FieldSchema => ({
  path,
  type,
  description,
  ...more,
});

export const builtInFields: readonly FieldSchema[] = [
  field('brand', 'string', "Brand of the account's trading group; not the customer's own brand"),
  field('amount_usd', 'number', 'Amount of a deposit or withdrawal', { unit: 'US dollars' }),
  field('trade.order', 'integer', 'Order (ticket) number'),
  field('trade.login', 'integer', 'Login of the trading account'),
  field('trade.cmd', 'string', 'Trade command', { values: commands }),
  field('trade.volume', 'integer', 'Volume of the trade; 10 lots = 1000', { unit: '100 = 1.00 lot' }),
  field('trade.close_price', 'number', 'Close price'),
  field('trade.symbol', 'string', 'Instrument'),
  field('trade.comment', 'string', 'Comment of the trade'),
  field('account.login', 'integer', 'Login'),
  field('account.group', 'string', 'Name of the trading group'),
  field('account.name', 'string', "Holder's name"),
  field('account.email', 'string', 'E-mail address; upper and lower case are the same'),
  field('account.country', 'string', 'Country; upper and lower case are the same'),
  field('account.enable', 'boolean', 'Whether the account is enabled; 0 and 1 are accepted'),
  field('account.leverage', 'integer', 'Leverage', { unit: '100 = 1:100' }),
  field('account.frozen', 'boolean', 'Whether compliance has frozen the account; missing until it does'),
  field('customer.id', 'id', 'Id of the customer'),
  field('customer.country', 'string', 'Country, ISO 3166-1 alpha-2, e.g. BR; upper and lower case are the same'),
  field('customer.language', 'string', 'Language'),
  field('customer.email', 'string', 'E-mail address; upper and lower case are the same'),
  field('customer.phone', 'string', 'Phone number, E.164, e.g. +5511987654321'),
  field('customer.kyc_status', 'string', 'KYC status'),
  field('customer.kyc_status_id', 'id', 'Current KYC status, a key of the statuses table'),
  field('customer.kyc_current_level', 'integer', 'Current KYC level'),
  field('customer.risk_level', 'id', 'Risk level'),
  field('customer.sales_status_id', 'id', 'Current sales status, a key of the statuses table'),
  field('customer.sales_status', 'string', 'Code of the current sales status'),
  field('customer.retention_status', 'string', 'Retention classification, e.g. churning'),
  field('customer.active', 'boolean', 'Whether the customer is active; missing until an event or an action says so'),
  field('customer.assigned_manager_id', 'integer', 'Manager the customer is assigned to'),
  field('customer.team_id', 'id', 'Team that looks after the customer'),
  field('customer.desk', 'string', 'Code of the desk the customer is at, e.g. retention'),
  field('event.amount', 'number', 'Amount the event carries'),
  field('event.inactive_days', 'integer', 'Days without activity, carried by customer.inactive_days', { unit: 'days' }),
  field('order.symbol', 'string', 'Instrument of the order'),
  field('transaction.type', 'string', 'Type of the transaction'),
];

const builtInTypes = new Map(builtInFields.map(({ path, type }) => [path, type]));

/** Records of these roots are whatever producers send, so any path below them is a field. */
const openRoots: ReadonlySet<string> = new Set(['event', 'order', 'transaction', 'task', 'call']);

/**
 * How the values at a path are compared. Depends on the path alone, so that a stored rule means the same in every
 * process, whatever statuses that process has heard of.
 */
export function fieldType(path: string): FieldType {
  return builtInTypes.get(path) ?? (path.endsWith('_status_id') ? 'id' : 'any');
}

/** E-mail addresses and countries are compared without regard to case. */
export function ignoresCase(path: string): boolean {
  return path.endsWith('.email') || path.endsWith('.country');
}

/** @returns whether a rule may read the path: one of `fields`, or anything below an open root. */
export function isKnownField(path: string, fields: readonly FieldSchema[] = builtInFields): boolean {
  if (builtInTypes.has(path)) return true;
  if (!isFieldPath(path)) return false;
  const dot = path.indexOf('.');
  return (dot > 0 && openRoots.has(path.slice(0, dot))) || fields.some((known) => known.path === path);
}

/** What would have been a right field, in words. */
export function fieldAdvice(path: string): string {
  const root = path.split('.')[0] ?? '';
  const siblings = builtInFields.filter((known) => known.path.startsWith(`${root}.`)).map((known) => known.path);
  if (siblings.length > 0 && !openRoots.has(root)) return `known fields are ${siblings.join(', ')}`;
  return `a field is brand, amount_usd or a dotted path below ${contextRoots.join(', ')}`;
}

interface StatusField {
  path: string;
  by: 'id' | 'code';
}

/** Status types whose values are shown by a built-in field. */
const statusFields = new Map<string, StatusField[]>([
  [
    'sales',
    [
      { path: 'customer.sales_status_id', by: 'id' },
      { path: 'customer.sales_status', by: 'code' },
    ],
  ],
  [
    'kyc',
    [
      { path: 'customer.kyc_status_id', by: 'id' },
      { path: 'customer.kyc_status', by: 'code' },
    ],
  ],
  ['retention', [{ path: 'customer.retention_status', by: 'code' }]],
]);

/** @returns the field that a status type of the broker's own becomes, or null when no field can be named so */
export function statusField(type: string): string | null {
  const path = `customer.${type}_status_id`;
  return isFieldPath(path) && !type.includes('.') ? path : null;
}

/**
 * The built-in fields with the values that the statuses table holds now. A status type that a broker has added becomes
 * a field of its own, `customer.{type}_status_id`.
 */
export function fieldsWithStatuses(statuses: readonly Status[]): FieldSchema[] {
  const fields = new Map(builtInFields.map((known) => [known.path, { ...known }]));
  for (const status of statuses) {
    const own = statusField(status.type);
    const owned: StatusField[] = own === null ? [] : [{ path: own, by: 'id' }];
    for (const { path, by } of statusFields.get(status.type) ?? owned) {
      const known = fields.get(path) ?? field(path, 'id', `Current ${status.type} status, a key of the statuses table`);
      known.values = [...(known.values ?? []), { value: status[by], label: status.label ?? status.code }];
      fields.set(path, known);
    }
  }
  return [...fields.values()];
}
