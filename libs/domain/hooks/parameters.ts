/** The `parameters` of an operation, held against the data items that the process declares. Reads no file. */
import type { DataValue, RunData } from '../context/run-data.ts';
import type { ProblemList } from '../errors/problem-list.ts';
import { isJsonObject } from '../json/json-object.ts';
import { processLimits, type DataItem, type DataType } from '../rules/process.ts';
import { valueReaders } from './data-values.ts';
import { readFileValue, type FileDraft } from './file-value.ts';
import { failing, quoteName, type Fail } from './parameter-problems.ts';

export interface ParsedParameters {
  values: [name: string, value: string | number][];
  files: ParsedFile[];
}

export interface ParsedFile {
  name: string;
  draft: FileDraft;
  fail: Fail;
}

const valueKeys = { TEXT: 'textValue', NUMERIC: 'numericValue', DATETIME: 'dateTimeValue', FILE: 'fileValue' } as const;
type ValueKey = (typeof valueKeys)[DataType];
const types = Object.keys(valueKeys) as DataType[];
const keys = Object.values(valueKeys);

/** More data items are not named in a message. */
const shownItems = 20;

/**
 * @param parameters what stands under `parameters`; left out or null: none
 * @param problems gets everything that is wrong
 */
export function parseParameters(
  items: readonly DataItem[],
  parameters: unknown,
  maxFileBytes: number,
  problems: ProblemList,
): ParsedParameters {
  const parsed: ParsedParameters = { values: [], files: [] };
  if (parameters === undefined || parameters === null) return parsed;
  const most = processLimits.dataItems;
  if (!Array.isArray(parameters) || parameters.length > most) {
    problems.add('parameters', 'invalid_input', `parameters must be a list of at most ${most} elements`);
    return parsed;
  }
  const known = new Set<string>();
  for (const [index, element] of parameters.entries()) {
    const given = readElement(element, `parameters[${index}]`, problems);
    if (given === null) continue;
    const { name, type, value, path } = given;
    const fail = failing(problems, path, name);
    if (known.has(name)) fail('', 'invalid_input', 'is there twice');
    else if (isDeclared(items, given, fail)) {
      if (type === 'FILE') {
        const draft = readFileValue(value, maxFileBytes, fail);
        if (draft !== null) parsed.files.push({ name, draft, fail });
      } else {
        const read = valueReaders[type](value, fail);
        if (read !== null) parsed.values.push([name, read]);
      }
    }
    known.add(name);
  }
  return parsed;
}

/** @returns the names of data items that a request cannot do without, and that have no value */
export function missingItems(items: readonly DataItem[], data: RunData): string[] {
  const valueOf = (name: string): DataValue => (Object.hasOwn(data, name) ? (data[name] ?? null) : null);
  return items.filter(({ name, required }) => required === true && valueOf(name) === null).map(({ name }) => name);
}

interface Element {
  name: string;
  type: DataType;
  value: unknown;
  /** Of the value. */
  path: string;
}

/** @returns null when it is malformed. A value that is null is as good as none: there are callers that write all four. */
function readElement(element: unknown, path: string, problems: ProblemList): Element | null {
  const malformed = (message: string): null => {
    problems.add(path, 'invalid_input', message);
    return null;
  };
  if (!isJsonObject(element)) return malformed(`${path} must be an object with a name and a value`);
  const { name } = element;
  if (typeof name !== 'string' || name === '') return malformed(`${path} must have a text as name`);
  const parameter = `parameter ${quoteName(name)}`;
  if (Object.keys(element).some((key) => key !== 'name' && !keys.includes(key as ValueKey))) {
    return malformed(`${parameter} must have no members but name and one of ${keys.join(', ')}`);
  }
  const given = types.filter((type) => (element[valueKeys[type]] ?? null) !== null);
  const [type] = given;
  if (type === undefined || given.length > 1)
    return malformed(`${parameter} must have exactly one of ${keys.join(', ')}`);
  return { name, type, value: element[valueKeys[type]], path: `${path}.${valueKeys[type]}` };
}

function isDeclared(items: readonly DataItem[], { name, type }: Element, fail: Fail): boolean {
  const item = items.find((one) => one.name === name);
  if (item === undefined)
    fail('', 'invalid_parameter', `is no data item of the process, which has ${listItems(items)}`);
  else if (item.type !== type) {
    const right = `give it as ${valueKeys[item.type]} and not as ${valueKeys[type]}`;
    fail('', 'invalid_parameter', `is declared as ${item.type} by the process: ${right}`);
  }
  return item?.type === type;
}

function listItems(items: readonly DataItem[]): string {
  if (items.length === 0) return 'none';
  const shown = items.slice(0, shownItems).map(({ name, type }) => `${name} (${type})`);
  return `${shown.join(', ')}${items.length > shownItems ? ` and ${items.length - shownItems} more` : ''}`;
}
