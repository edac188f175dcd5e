/** Reads what was posted: which operation, and its input. What is unknown is refused with what is known. */
import {
  findHookOperation,
  hookOperations,
  withoutDelegation,
  type HookInputs,
  type HookOperation,
} from '#libs/contracts/hook-operation.schema.ts';
import { readBy } from '#libs/contracts/schema-problems.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import { isJsonObject, type JsonObject } from '#libs/domain/json/json-object.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import { readJsonBody } from '../http/json-body.ts';
import { HookError, invalidInput } from './hook.error.ts';

/** What an error says of the request, as far as it could be read. */
export interface Echo {
  operation: string | null;
  clientMutationId: string | null;
}

export type HookRequest = { [Name in HookOperation]: { operation: Name; input: HookInputs[Name] } }[HookOperation];

/** Objects and lists inside one another. The deepest that is known is five. */
const maxDepth = 32;
const maxEchoLength = 1024;
/** Faults that one message tells. */
const maxProblems = 10;

/**
 * @param bytes of the body
 * @param echo filled in while reading, so that a refusal can name what was asked for
 * @throws HookError `bad_request`, `unknown_operation`, `invalid_input`, `delegation_not_supported`
 */
export function readHookRequest(bytes: Buffer, echo: Echo): HookRequest {
  const body = readBody(bytes);
  const input = inputOf(body);
  const { operation: name } = body;
  if (typeof name === 'string') echo.operation = shorten(name, 100);
  echo.clientMutationId = echoOf(input?.['clientMutationId']);
  if (typeof name !== 'string' || name === '') throw badRequest('operation must be the name of an operation');
  if (input === null) throw badRequest('args.input must be an object with the properties of the operation');
  refuseUnknown(body, ['operation', 'args'], '');
  refuseUnknown(body['args'] as JsonObject, ['input'], 'args.');
  const operation = findHookOperation(name);
  if (operation === null) {
    const known = Object.keys(hookOperations).join(', ');
    throw new HookError('unknown_operation', `There is no operation "${shorten(name, 100)}". There are: ${known}`);
  }
  echo.operation = operation;
  return { operation, input: readInput(operation, input) } as HookRequest;
}

function readBody(bytes: Buffer): JsonObject {
  try {
    return readJsonBody(bytes, { maxDepth });
  } catch (error) {
    if (error instanceof InvalidInputError) throw badRequest(error.message);
    throw error;
  }
}

function inputOf({ args }: JsonObject): JsonObject | null {
  if (!isJsonObject(args)) return null;
  return isJsonObject(args['input']) ? args['input'] : null;
}

function echoOf(given: unknown): string | null {
  return typeof given === 'string' && given.length <= maxEchoLength ? given : null;
}

function refuseUnknown(object: JsonObject, known: readonly string[], path: string): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const expected = known.map((name) => `${path}${name}`).join(' and ');
  throw badRequest(`${path}${shorten(unknown, 100)} is not known: expected ${expected}`);
}

function readInput(operation: HookOperation, input: JsonObject): HookInputs[HookOperation] {
  const given = withoutNulls(input);
  if (withoutDelegation.includes(operation) && ('onBehalfOf' in given || 'onBehalfOfUserName' in given)) {
    throw new HookError('delegation_not_supported', `${operation} cannot be executed on behalf of another user`);
  }
  const { data, problems } = readBy(hookOperations[operation], given);
  if (data !== null) return data;
  const told = problems.slice(0, maxProblems).map(({ path, message }) => `${shorten(path, 100)} ${message}`);
  const more = problems.length > told.length ? [`and ${problems.length - told.length} more`] : [];
  const isUnknown = problems.some(({ code }) => code === 'unknown_key');
  const known = isUnknown ? `. ${operation} takes ${Object.keys(hookOperations[operation].shape).join(', ')}` : '';
  throw invalidInput(`${[...told, ...more].join('; ')}${known}`);
}

/** A property that is null counts as one that was not sent. */
function withoutNulls(input: JsonObject): JsonObject {
  const kept = Object.entries(input).filter(([, value]) => value !== null);
  // Not by assignment: `__proto__` is a name like any other.
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name === 'exception' && isJsonObject(value) ? withoutNulls(value) : value]),
  );
}

function badRequest(message: string): HookError {
  return new HookError('bad_request', message);
}
