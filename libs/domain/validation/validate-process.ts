/** Checks what makes a rule a process. What it need not say is left out of its form. */
import type { FieldSchema, FieldType } from '../context/fields.ts';
import { isJsonObject, type JsonObject } from '../json/json-object.ts';
import type { ProblemCode, ProblemParams } from '../errors/problem-codes.ts';
import type { ProblemList } from '../errors/problem-list.ts';
import {
  dataNamePattern,
  dataTypes,
  processLimits,
  requestTrigger,
  type DataItem,
  type DataType,
  type ProcessDeclaration,
} from '../rules/process.ts';

const members = ['name', 'version', 'state', 'public', 'folder', 'data', 'customer', 'login'];
const itemMembers = ['name', 'type', 'required'];
const unfit = /[\p{Cc}\p{Cs}]/u;
const nameAdvice = 'must begin with a letter or _, and hold at most 64 letters, digits, dashes and underscores';

/** @returns undefined for none, and for what is wrong */
export function readProcess(input: unknown, errors: ProblemList): ProcessDeclaration | undefined {
  if (input === undefined || input === null) return undefined;
  if (!isJsonObject(input)) {
    fail(errors, 'process', 'wrong_type', 'must be an object such as { "name": "SIMPLE_REQUEST", "public": true }', {
      expected: 'object',
    });
    return undefined;
  }
  const before = errors.problems.length;
  refuseOthers(input, members, 'process', errors);
  const data = readItems(input['data'], errors);
  const { version = 1, state = 'active', public: isPublic = false, folder, customer, login } = input;
  const isVersion = typeof version === 'number' && Number.isInteger(version) && version >= 1;
  if (!isVersion || version > processLimits.version) {
    fail(errors, 'process.version', 'wrong_value', `must be a whole number from 1 to ${processLimits.version}`, {
      expected: 'from_to',
      min: 1,
      max: processLimits.version,
    });
  }
  if (state !== 'active' && state !== 'test') {
    fail(errors, 'process.state', 'wrong_value', 'must be active or test', {
      expected: 'one_of',
      values: ['active', 'test'],
    });
  }
  if (typeof isPublic !== 'boolean') {
    fail(errors, 'process.public', 'wrong_type', 'must be true or false', { expected: 'boolean' });
  }
  const process: ProcessDeclaration = {
    name: readText(input['name'], 'process.name', processLimits.name, errors),
    version: version as number,
    state: state as ProcessDeclaration['state'],
    public: isPublic as boolean,
    ...(folder !== undefined && { folder: readText(folder, 'process.folder', processLimits.folder, errors) }),
    data,
    ...readReference('customer', customer, 'TEXT', data, errors),
    ...readReference('login', login, 'NUMERIC', data, errors),
  };
  return errors.problems.length === before ? process : undefined;
}

/** What goes only with a process, or not with one. @param given the rule as written */
export function checkProcessRule(given: JsonObject, errors: ProblemList): void {
  const isProcess = given['process'] !== undefined && given['process'] !== null;
  if (isProcess !== (given['trigger_event'] === requestTrigger)) {
    const message = isProcess
      ? `must be ${requestTrigger}: a rule with process is started by incoming webhooks`
      : `${requestTrigger} is the trigger of processes alone: add process, or name another trigger`;
    errors.add('trigger_event', 'wrong_value', isProcess ? `trigger_event ${message}` : message, {
      expected: isProcess ? 'process_trigger' : 'no_process_trigger',
      name: requestTrigger,
    });
  }
  if (!isProcess) return;
  for (const key of ['re_enroll', 'limit'] as const) {
    if (given[key] === undefined || given[key] === null) continue;
    fail(errors, key, 'wrong_value', 'does not go with process: a request is started once, and at once', {
      expected: 'not_with_process',
    });
  }
  if (given['stop_after'] === true) {
    fail(errors, 'stop_after', 'wrong_value', 'does not go with process: a request starts this rule alone', {
      expected: 'not_with_process',
    });
  }
  if (given['status'] === 'shadow') {
    fail(errors, 'status', 'wrong_value', 'must not be shadow for a process: set process.state to test to try it', {
      expected: 'not_with_process',
    });
  }
}

const fieldTypes: Record<DataType, FieldType> = { TEXT: 'string', NUMERIC: 'number', DATETIME: 'any', FILE: 'any' };
const fileFields = [
  ['name', 'string'],
  ['content_type', 'string'],
  ['size', 'integer'],
  ['description', 'string'],
] as const;

/** Fields that conditions and texts of the process's actions may name. */
export function processFields({ data }: ProcessDeclaration): FieldSchema[] {
  return data.flatMap(({ name, type }): FieldSchema[] => {
    const path = `data.${name}`;
    if (type !== 'FILE') return [{ path, type: fieldTypes[type], description: `Data of the request, ${type}` }];
    return fileFields.map(([member, fieldType]) => ({
      path: `${path}.${member}`,
      type: fieldType,
      description: 'Of a file of the request',
    }));
  });
}

function readItems(input: unknown, errors: ProblemList): DataItem[] {
  if (input === undefined) return [];
  if (!Array.isArray(input)) {
    fail(
      errors,
      'process.data',
      'wrong_type',
      'must be a list of items such as { "name": "AMOUNT", "type": "NUMERIC" }',
      { expected: 'list' },
    );
    return [];
  }
  if (input.length > processLimits.dataItems) {
    fail(
      errors,
      'process.data',
      'too_many',
      `has ${input.length} items: at most ${processLimits.dataItems} are allowed`,
      { max: processLimits.dataItems },
    );
    return [];
  }
  const names = new Set<string>();
  return (input as unknown[]).flatMap((item, index) => {
    const path = `process.data[${index}]`;
    const read = readItem(item, path, errors);
    if (read === null) return [];
    if (names.has(read.name)) {
      fail(errors, `${path}.name`, 'duplicate', `is that of another item: ${read.name}`, { name: read.name });
    }
    names.add(read.name);
    return [read];
  });
}

function readItem(input: unknown, path: string, errors: ProblemList): DataItem | null {
  if (!isJsonObject(input)) {
    const message = 'must be an object such as { "name": "AMOUNT", "type": "NUMERIC" }';
    fail(errors, path, 'wrong_type', message, { expected: 'object' });
    return null;
  }
  refuseOthers(input, itemMembers, path, errors);
  const { name, required = false } = input;
  const type = dataTypes.find((known) => known === input['type']);
  const isName = typeof name === 'string' && dataNamePattern.test(name) && !(name in {});
  if (!isName) fail(errors, `${path}.name`, toCode(name), nameAdvice, { expected: 'data_name' });
  if (type === undefined) {
    const message = `must be one of ${dataTypes.join(', ')}`;
    fail(errors, `${path}.type`, toCode(input['type']), message, { expected: 'one_of', values: dataTypes });
  }
  if (typeof required !== 'boolean') {
    fail(errors, `${path}.required`, 'wrong_type', 'must be true or false', { expected: 'boolean' });
  }
  if (!isName || type === undefined || typeof required !== 'boolean') return null;
  return { name, type, ...(required && { required }) };
}

function readReference(
  key: 'customer' | 'login',
  value: unknown,
  type: DataType,
  data: readonly DataItem[],
  errors: ProblemList,
): Partial<Record<'customer' | 'login', string>> {
  if (value === undefined) return {};
  const item = data.find(({ name }) => name === value);
  if (item?.type === type) return { [key]: item.name };
  fail(errors, `process.${key}`, 'wrong_value', `must be the name of an item of process.data of the type ${type}`, {
    expected: 'data_item',
    type,
  });
  return {};
}

function readText(value: unknown, path: string, limit: number, errors: ProblemList): string {
  if (typeof value !== 'string') fail(errors, path, toCode(value), 'must be a text', { expected: 'text' });
  else if (value.trim() === '' || value.trim() !== value) {
    fail(errors, path, 'wrong_value', 'must not be empty, nor begin or end with a space', {
      expected: value.trim() === '' ? 'filled_text' : 'no_outer_spaces',
    });
  } else if (value.length > limit) {
    fail(errors, path, 'too_long', `has more than ${limit} characters`, { max: limit });
  } else if (unfit.test(value)) {
    fail(errors, path, 'wrong_value', 'must not hold control characters', { expected: 'no_control_characters' });
  } else return value;
  return '';
}

function refuseOthers(input: JsonObject, known: readonly string[], path: string, errors: ProblemList): void {
  const other = Object.keys(input).find((key) => !known.includes(key));
  if (other !== undefined) {
    fail(errors, path, 'unknown_key', `must hold nothing but ${known.join(', ')}`, { values: known });
  }
}

function toCode(value: unknown): 'required' | 'wrong_value' {
  return value === undefined ? 'required' : 'wrong_value';
}

function fail(errors: ProblemList, path: string, code: ProblemCode, message: string, params?: ProblemParams): void {
  errors.add(path, code, `${path} ${message}`, params);
}
