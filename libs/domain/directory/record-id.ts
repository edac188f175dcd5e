/**
 * The id by which an address names a record: what tells it from others of its kind, as one text. Where several fields
 * do, they stand between tildes, as `email~welcome~pt~oak`; absent ones are empty, and those at the end are left out.
 */
import type { DirectoryKind, DirectoryRecord } from './directory-data.ts';
import type { Channel } from './outbound.ts';

/** The fields that tell a record from others of its kind. */
export interface RecordIdentities {
  groups: { name: string };
  accounts: { login: number };
  customers: { id: string };
  managers: { id: number };
  teams: { id: string };
  desks: { code: string; brand?: string };
  statuses: { id: string | number };
  templates: { channel: Channel; code: string; language?: string; brand?: string };
  endpoints: { name: string; brand?: string };
  users: { id: number };
  user_groups: { code: string };
}

type Identity<Kind extends DirectoryKind> = RecordIdentities[Kind];

const write: { [Kind in DirectoryKind]: (identity: Identity<Kind>) => string } = {
  groups: ({ name }) => name,
  accounts: ({ login }) => String(login),
  customers: ({ id }) => id,
  managers: ({ id }) => String(id),
  teams: ({ id }) => id,
  desks: ({ code, brand }) => join(code, brand),
  // 7 and "7" are two statuses.
  statuses: ({ id }) => (typeof id === 'number' ? String(id) : /^~|^\d+$/.test(id) ? `~${id}` : id),
  templates: ({ channel, code, language, brand }) => join(channel, code, language?.toLowerCase(), brand),
  endpoints: ({ name, brand }) => join(name, brand),
  users: ({ id }) => String(id),
  user_groups: ({ code }) => code,
};

const read: { [Kind in DirectoryKind]: (id: string) => Identity<Kind> | null } = {
  groups: (name) => ({ name }),
  accounts: (id) => numbered(id, (login) => ({ login })),
  customers: (id) => ({ id }),
  managers: (id) => numbered(id, (number) => ({ id: number })),
  teams: (id) => ({ id }),
  desks: (id) => fromParts(id, 2, ([code, brand]) => ({ code: code!, ...withBrand(brand) })),
  statuses: (id) => numbered(id, (number) => ({ id: number })) ?? { id: id.startsWith('~') ? id.slice(1) : id },
  templates: (id) =>
    fromParts(id, 4, ([channel, code = '', language, brand]) => {
      if (channel !== 'email' && channel !== 'sms') return null;
      return { channel, code, ...(language !== undefined && { language }), ...withBrand(brand) };
    }),
  endpoints: (id) => fromParts(id, 2, ([name, brand]) => ({ name: name!, ...withBrand(brand) })),
  users: (id) => numbered(id, (number) => ({ id: number })),
  user_groups: (code) => ({ code }),
};

export function recordId<Kind extends DirectoryKind>(kind: Kind, record: DirectoryRecord<Kind>): string {
  return (write[kind] as (identity: unknown) => string)(record);
}

/** @returns null for what is no id of this kind */
export function readRecordId<Kind extends DirectoryKind>(kind: Kind, id: string): RecordIdentities[Kind] | null {
  return read[kind](id);
}

function join(...parts: (string | undefined)[]): string {
  const written = parts.map((part = '') => part.replaceAll('%', '%25').replaceAll('~', '%7E'));
  return written.join('~').replace(/~+$/, '');
}

function fromParts<T>(id: string, most: number, make: (parts: (string | undefined)[]) => T | null): T | null {
  const parts = id.split('~').map((part) => part.replaceAll('%7E', '~').replaceAll('%25', '%'));
  if (parts.length > most || parts[0] === '') return null;
  return make(parts.map((part) => (part === '' ? undefined : part)));
}

function numbered<T>(id: string, make: (number: number) => T): T | null {
  return /^(0|[1-9]\d{0,15})$/.test(id) && Number.isSafeInteger(Number(id)) ? make(Number(id)) : null;
}

function withBrand(brand: string | undefined): { brand?: string } {
  return brand === undefined ? {} : { brand };
}
