/**
 * What an event says of a customer. Each field is brought here into the one form in which conditions, actions and
 * counters read it: a manager's id is a number to all of them, whether the CRM writes 11 or "11".
 */
import type { Customer } from '#libs/domain/directory.ts';
import { isJsonObject, type JsonObject } from '#libs/domain/json-object.ts';
import type { ProblemList } from '#libs/domain/problem-list.ts';
import { RecordCheck } from './record-check.ts';

type Read = (check: RecordCheck, name: string) => string | number | boolean | undefined;

const text: Read = (check, name) => check.writtenText(name);
const id: Read = (check, name) => check.id(name);
const counted: Read = (check, name) => check.counted(name);
const flag: Read = (check, name) => check.flag(name);

/** Fields that rules know. An id of a status or of a risk level may be either; conditions take both for the same. */
const readers = new Map<string, Read>([
  ['country', text],
  ['language', text],
  ['email', text],
  ['phone', text],
  ['kyc_status', text],
  ['sales_status', text],
  ['retention_status', text],
  ['desk', text],
  ['brand', text],
  ['team_id', id],
  ['assigned_manager_id', counted],
  ['manager_id', counted],
  ['kyc_current_level', counted],
  ['active', flag],
]);

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
