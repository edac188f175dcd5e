/** What fields of a form hold, and the record that they make. */
import { fieldsFor, isOpen, type Field, type Kind } from './kinds.ts';

export type Values = Readonly<Record<string, string>>;
export type AnyRecord = Readonly<Record<string, unknown>>;

/** A value as the text of its field. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(String).join('\n');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

export function initialValues(kind: Kind, record: AnyRecord | null): Values {
  const fields = fieldsFor(kind, undefined).filter(({ type }) => !isSecret(type));
  return Object.fromEntries(
    fields.map(({ name, initial = '' }) => [name, record === null ? initial : toText(record[name])]),
  );
}

/** @param base the record as it was read; null: it is a new one. Secrets of an endpoint are not among its fields here */
export function toRecord(kind: Kind, values: Values, base: AnyRecord | null): AnyRecord {
  const known = fieldsFor(kind, values['channel']).filter(({ type }) => !isSecret(type));
  const record: Record<string, unknown> = isOpen(kind) ? { ...base } : {};
  for (const field of known) {
    const given = (values[field.name] ?? '').trim() === '' ? '' : (values[field.name] ?? '');
    const before = base?.[field.name];
    // What was not touched stays what it was, 7 or "7".
    const value = before !== undefined && toText(before) === given ? before : readValue(field, given);
    if (value !== undefined) record[field.name] = value;
    else if (field.isNullable === true && (field.isKey === true || before != null || kind === 'groups')) {
      record[field.name] = null;
    }
  }
  return record;
}

/** The server says where a text is that should be a number. */
function readValue({ type }: Field, text: string): unknown {
  if (text === '') return undefined;
  const trimmed = text.trim();
  if (type === 'yes') return text === 'yes';
  if (type === 'number' || type === 'id') return toNumber(trimmed);
  if (type === 'lines' || type === 'numbers') {
    const lines = text
      .split('\n')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    return type === 'numbers' ? lines.map(toNumber) : lines;
  }
  return type === 'long' ? text : trimmed;
}

function toNumber(text: string): number | string {
  return /^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text;
}

export function isSecret(type: Field['type']): boolean {
  return type === 'url' || type === 'headers' || type === 'secret';
}

/** Names of the fields whose texts differ. */
export function differingFields(kind: Kind, one: AnyRecord, other: AnyRecord): Field[] {
  return fieldsFor(kind, undefined).filter(({ name }) => toText(one[name]) !== toText(other[name]));
}
