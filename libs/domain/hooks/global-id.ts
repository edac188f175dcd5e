/**
 * The ids by which incoming webhooks name things: Base64 of a type and numbers, such as `Request:42` or `Action:42---3`.
 * An action's number is its place in the rule, from 1 on.
 */
import { PermanentError } from '../errors/errors.ts';

export type GlobalIdType = 'User' | 'Process' | 'Request';

export interface ActionNumbers {
  requestNumber: number;
  number: number;
}

export function encodeId(type: GlobalIdType, number: number): string {
  return Buffer.from(`${type}:${number}`).toString('base64');
}

export function encodeActionId({ requestNumber, number }: ActionNumbers): string {
  return Buffer.from(`Action:${requestNumber}---${number}`).toString('base64');
}

/** @returns the number. @throws PermanentError `invalid_input`; its message continues "the id …" */
export function decodeId(type: GlobalIdType, id: string): number {
  return toNumber(decode(type, id, `Base64 of "${type}:" and a number`));
}

/** @throws PermanentError `invalid_input`; its message continues "the id …" */
export function decodeActionId(id: string): ActionNumbers {
  const expected = 'Base64 of "Action:", the number of the request, "---" and the number of the action';
  const [requestNumber, number, ...more] = decode('Action', id, expected).split('---');
  if (number === undefined || more.length > 0) throw wrong(`must be ${expected}`);
  return { requestNumber: toNumber(requestNumber ?? ''), number: toNumber(number) };
}

/** Square brackets around the pattern are tolerated. */
const pattern = /^\[?([A-Za-z]+):([0-9-]+)\]?$/;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

function decode(type: string, id: string, expected: string): string {
  const text = base64.test(id) && id.length <= 200 ? Buffer.from(id, 'base64').toString('latin1') : '';
  const [, found, numbers] = pattern.exec(text) ?? [];
  if (found === undefined || numbers === undefined) throw wrong(`must be ${expected}`);
  if (found !== type) throw wrong(`is one of type ${found}: it must be of type ${type}`);
  return numbers;
}

function toNumber(text: string): number {
  const number = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw wrong('must hold whole numbers from 1 on');
}

function wrong(message: string): PermanentError {
  return new PermanentError('invalid_input', message);
}
