/** The kinds of the directory: the fields of a record in the order of its form, and which of them a list shows. */
import type { en } from './texts.en.ts';

export const kinds = [
  'customers',
  'accounts',
  'groups',
  'managers',
  'teams',
  'desks',
  'statuses',
  'templates',
  'endpoints',
  'users',
  'user_groups',
] as const;
export type Kind = (typeof kinds)[number];

/**
 * - `text`, `long` (several lines), `number`, `id` (a number where it is one, else a text), `yes` (yes or no)
 * - `lines`, `numbers`: a list, one a line
 * - `url`, `headers`, `secret`: of an endpoint, never shown
 */
export type FieldType =
  'text' | 'long' | 'number' | 'id' | 'yes' | 'lines' | 'numbers' | 'choice' | 'url' | 'headers' | 'secret';

export interface Field {
  name: FieldName;
  type: FieldType;
  /** Tells the record from others: it stays as it is. */
  isKey?: true;
  isRequired?: true;
  /** Nothing is null, which says that there is none. */
  isNullable?: true;
  choices?: readonly string[];
  /** What a new record begins with. */
  initial?: string;
}

export type FieldName = keyof (typeof en)['fields'];

const key = { isKey: true, isRequired: true } as const;
const required = { isRequired: true } as const;
const text = (name: FieldName, more: Partial<Field> = {}): Field => ({ name, type: 'text', ...more });
const number = (name: FieldName, more: Partial<Field> = {}): Field => ({ name, type: 'number', ...more });
const of = (type: FieldType, name: FieldName, more: Partial<Field> = {}): Field => ({ name, type, ...more });

const roles = ['SESSION_MANAGER', 'SESSION_ADMIN', 'SESSION_DEALER', 'SESSION_CRM_MANAGER', 'SESSION_CRM_ADMIN'];
const rights = ['administrator', 'folder_manager', 'supervisor', 'system_operations'];

export const fieldsOf: Readonly<Record<Kind, readonly Field[]>> = {
  groups: [text('name', key), text('brand', { isNullable: true })],
  accounts: [
    number('login', key),
    text('group', required),
    text('customer_id'),
    text('name'),
    text('email'),
    text('country'),
    of('yes', 'enable'),
    number('leverage'),
    of('yes', 'frozen'),
    text('frozen_reason'),
  ],
  customers: [
    text('id', key),
    text('brand'),
    text('email'),
    text('phone'),
    text('country'),
    text('language'),
    of('yes', 'active'),
    text('sales_status'),
    of('id', 'sales_status_id'),
    text('kyc_status'),
    of('id', 'kyc_status_id'),
    number('kyc_current_level'),
    of('id', 'risk_level'),
    text('retention_status'),
    number('assigned_manager_id'),
    number('manager_id'),
    text('team_id', { isNullable: true }),
    text('desk', { isNullable: true }),
  ],
  managers: [
    number('id', key),
    text('name', required),
    text('email'),
    of('yes', 'enabled', { initial: 'yes' }),
    of('lines', 'brands'),
    of('lines', 'roles', { choices: roles }),
  ],
  teams: [text('id', key), text('name', required), text('parent_id'), of('numbers', 'agent_ids')],
  desks: [
    text('code', key),
    text('brand', { isKey: true }),
    text('name', required),
    text('team_id'),
    number('manager_id'),
  ],
  statuses: [of('id', 'id', key), text('type', required), text('code', required), text('label'), text('brand')],
  templates: [
    of('choice', 'channel', { ...key, choices: ['email', 'sms'], initial: 'email' }),
    text('code', key),
    text('language', { isKey: true }),
    text('brand', { isKey: true }),
    text('subject'),
    of('long', 'html'),
    of('long', 'text'),
  ],
  endpoints: [
    text('name', key),
    text('brand', { isKey: true }),
    of('url', 'url'),
    of('headers', 'headers'),
    of('long', 'body'),
    of('secret', 'secret'),
  ],
  users: [
    number('id', key),
    text('username', required),
    text('name'),
    text('email'),
    of('yes', 'enabled', { initial: 'yes' }),
    of('lines', 'brands'),
    of('choice', 'role', { choices: roles }),
    of('lines', 'delegates'),
  ],
  user_groups: [
    text('code', key),
    text('name', required),
    of('choice', 'right', { ...required, choices: rights, initial: 'administrator' }),
    of('lines', 'folders'),
    of('yes', 'may_cancel'),
    of('lines', 'users'),
  ],
};

/** Beside what leads to the record. */
export const columnsOf: Readonly<Record<Kind, readonly FieldName[]>> = {
  groups: ['brand'],
  accounts: ['group', 'customer_id', 'name', 'country', 'frozen'],
  customers: ['brand', 'country', 'sales_status', 'kyc_status', 'risk_level', 'assigned_manager_id'],
  managers: ['name', 'email', 'enabled', 'brands'],
  teams: ['name', 'parent_id', 'agent_ids'],
  desks: ['name', 'brand', 'team_id', 'manager_id'],
  statuses: ['type', 'code', 'label', 'brand'],
  templates: ['channel', 'code', 'language', 'brand', 'subject'],
  endpoints: ['url', 'brand'],
  users: ['username', 'name', 'enabled', 'brands', 'role'],
  user_groups: ['name', 'right', 'users'],
};

/** Of these the given fields are set: what is left empty stays as it is, and there are further ones. */
export function isOpen(kind: Kind): boolean {
  return kind === 'accounts' || kind === 'customers';
}

export function isKind(text: string): text is Kind {
  return kinds.some((one) => one === text);
}

/** Fields that make sense with what the form holds. */
export function fieldsFor(kind: Kind, channel: string | undefined): readonly Field[] {
  const fields = fieldsOf[kind];
  if (kind !== 'templates' || channel !== 'sms') return fields;
  return fields.filter(({ name }) => name !== 'subject' && name !== 'html');
}
