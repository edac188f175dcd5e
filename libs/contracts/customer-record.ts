/**
 * What an event says of a customer. Each field is brought here into the one form in which conditions, actions and
 * counters read it: a manager's id is a number to all of them, whether the CRM writes 11 or "11".
 */
import type { Customer } from '#libs/domain/directory/customer.ts';
import { isJsonObject, type JsonObject } from '#libs/domain/json/json-object.ts';
import type { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { RecordCheck } from './record-check.ts';

/** How a field is read; an id of a status or of a risk level may be of any plain type, and needs no reading. */
export type FieldKind = 'text' | 'id' | 'counted' | 'flag' | 'scalar';
type Read = (check: RecordCheck, name: string) => string | number | boolean | undefined;

const reads: Record<Exclude<FieldKind, 'scalar'>, Read> = {
  text: (check, name) => check.writtenText(name),
  id: (check, name) => check.id(name),
  counted: (check, name) => check.counted(name),
  flag: (check, name) => check.flag(name),
};

/** Fields that rules know. */
export const customerFields: readonly (readonly [field: string, kind: FieldKind])[] = [
  ['country', 'text'],
  ['language', 'text'],
  ['email', 'text'],
  ['phone', 'text'],
  ['kyc_status', 'text'],
  ['sales_status', 'text'],
  ['retention_status', 'text'],
  ['desk', 'text'],
  ['brand', 'text'],
  ['team_id', 'id'],
  ['assigned_manager_id', 'counted'],
  ['manager_id', 'counted'],
  ['kyc_current_level', 'counted'],
  ['active', 'flag'],
  // Either text or number; conditions take both for the same.
  ['risk_level', 'scalar'],
  ['sales_status_id', 'scalar'],
  ['kyc_status_id', 'scalar'],
];

const readers = new Map(customerFields.flatMap(([field, kind]) => (kind === 'scalar' ? [] : [[field, reads[kind]]])));
const known = new Set(customerFields.map(([field]) => field));

/** Customer field → member of the event's data that says it. */
export type CustomerEventFields = Readonly<Record<string, string>>;
/** By event type. */
export type CustomerEvents = Readonly<Record<string, CustomerEventFields>>;

/**
 * Events that say how a customer is now. Beside the members named here, each may say any field that rules know under
 * its own name (`sales_status`, `retention_status` …).
 */
export const customerEvents: CustomerEvents = {
  'customer.registered': {},
  'customer.ftd': {},
  'customer.retention_changed': { retention_status: 'to' },
  'customer.risk_changed': { risk_level: 'to' },
  'customer.active_changed': { active: 'to' },
  'customer.kyc_changed': { kyc_status: 'to' },
  'customer.assigned': { assigned_manager_id: 'manager_id' },
  // Whether `status` is a sales or a KYC status is told by `kind`.
  'customer.status_changed': {},
};

/** A code and its id are kept together: where an event says one of them only, the other is no longer known. */
const pairs = [
  ['sales_status', 'sales_status_id'],
  ['kyc_status', 'kyc_status_id'],
] as const;

export function isCustomerField(field: string): boolean {
  return known.has(field);
}

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * @param path of the record, with its dot, e.g. `data.`
 * @returns the known fields in their form and any other plain member as it is; null and absent fields are left out
 */
export function readCustomerRecord(record: JsonObject, path: string, problems: ProblemList): Omit<Customer, 'id'> {
  const check = new RecordCheck(record, path, problems);
  const fields: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(record)) {
    if (value === null || member === 'id' || !name.test(member)) continue;
    const read = readers.get(member);
    if (read !== undefined) fields[member] = read(check, member);
    else if (!isJsonObject(value) && !Array.isArray(value)) fields[member] = value;
  }
  return fields;
}

/**
 * What an event says of how its customer is now: by the members of its type, by fields that it carries under their own
 * names, and by a part `customer` of any event.
 * @param own event types of the installation, beside the built-in ones
 * @returns undefined when it says nothing
 */
export function readCustomerUpdate(
  type: string,
  data: JsonObject,
  own: CustomerEvents,
  problems: ProblemList,
): Omit<Customer, 'id'> | undefined {
  if (type === 'customer.registered') return readCustomerRecord(withoutEvent(data), 'data.', problems);
  const members = ownMember(own, type) ?? ownMember(customerEvents, type);
  const fields: Record<string, unknown> = {};
  if (members !== undefined) {
    readFields(fields, data, 'data.', problems, Object.values(members));
    if (type === 'customer.status_changed') readStatus(fields, data, problems);
    const check = new RecordCheck(data, 'data.', problems);
    for (const [field, member] of Object.entries(members)) {
      const value = readField(check, field, member);
      if (value !== undefined) fields[field] = value;
    }
  }
  const part = Object.hasOwn(data, 'customer') ? data['customer'] : undefined;
  if (isJsonObject(part)) readFields(fields, part, 'data.customer.', problems);
  for (const [code, id] of pairs) {
    if (fields[code] !== undefined && fields[id] === undefined) fields[id] = null;
    if (fields[id] != null && fields[code] === undefined) fields[code] = null;
  }
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/** Members by which reported events say what they are; the others are those of a new customer. */
function withoutEvent({ eventType: _type, customerId: _id, occurredAt: _at, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** @param except members that mean another field here */
function readFields(
  fields: Record<string, unknown>,
  record: JsonObject,
  path: string,
  problems: ProblemList,
  except: readonly string[] = [],
): void {
  const check = new RecordCheck(record, path, problems);
  for (const member of Object.keys(record)) {
    // The customer's own brand decides nothing, and names of other things stand in data as `brand`.
    if (!isCustomerField(member) || member === 'brand' || record[member] === null || except.includes(member)) continue;
    const value = readField(check, member, member);
    if (value !== undefined) fields[member] = value;
  }
}

function readField(check: RecordCheck, field: string, member: string): unknown {
  const read = readers.get(field);
  if (read !== undefined) return read(check, member);
  const value = check.value(member);
  return typeof value === 'object' ? check.fail(member, 'wrong_type', 'is no text, number or flag') : value;
}

/** `{ kind: "sales" | "kyc", status?, status_id? }`, or `to` in the place of `status`. */
function readStatus(fields: Record<string, unknown>, data: JsonObject, problems: ProblemList): void {
  const check = new RecordCheck(data, 'data.', problems);
  const kind = data['kind'];
  if (kind !== 'sales' && kind !== 'kyc') return;
  const code = check.writtenText(data['status'] == null ? 'to' : 'status');
  const id = readField(check, `${kind}_status_id`, 'status_id');
  if (code !== undefined) fields[`${kind}_status`] = code;
  if (id !== undefined) fields[`${kind}_status_id`] = id;
}

function ownMember(events: CustomerEvents, type: string): CustomerEventFields | undefined {
  return Object.hasOwn(events, type) ? events[type] : undefined;
}
