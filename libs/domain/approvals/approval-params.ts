/** The parameters of `approval.request` as they act. The workflow sandbox uses this file. */
import type { ExceptionType } from './approval.ts';
import { spanMilliseconds } from '../values/duration.ts';
import { isDeeperThan } from '../json/json-depth.ts';
import { isJsonObject } from '../json/json-object.ts';
import { writeJson } from '../json/stringify-json.ts';

/** What becomes of the run at the expiry, a rejection or an exception: it fails, goes on, or ends well right there. */
export const approvalPaths = ['fail', 'continue', 'stop'] as const;
export type ApprovalPath = (typeof approvalPaths)[number];

export interface ApprovalRequest {
  title: string;
  message: string | null;
  roles: string[];
  users: string[];
  managerOfCustomer: boolean;
  required: number;
  forbidInitiator: boolean;
  /** Milliseconds; null = the question never expires. */
  expiresInMs: number | null;
  /** Milliseconds before the expiry; null = no reminder. */
  remindBeforeMs: number | null;
  onExpire: ApprovalPath;
  onReject: ApprovalPath;
  /** Where the action is cancelled while it waits; null = that is not possible. */
  onException: Record<ExceptionType, ApprovalPath | null>;
}

export const approvalLimits = {
  names: 50,
  nameLength: 200,
  required: 20,
  /** What an answer brings along: characters as JSON, and levels of objects and lists inside one another. */
  dataLength: 16_384,
  dataDepth: 32,
} as const;

/** @returns what is wrong with what an answer brings along, continuing "data …", or null */
export function answerDataIssue(data: unknown): string | null {
  if (!isJsonObject(data)) return 'must be an object';
  const { dataDepth, dataLength } = approvalLimits;
  if (isDeeperThan(data, dataDepth)) return `must not be nested deeper than ${dataDepth} levels`;
  return writeJson(data).length > dataLength ? `must not be longer than ${dataLength} characters as JSON` : null;
}

/** @throws RangeError saying what is wrong, continuing "params.x …" */
export function approvalRequest(params: Record<string, unknown>): ApprovalRequest {
  const { title, message, approvers, required, forbid_initiator, expires_in, remind_before } = params;
  const { on_expire, on_reject, on_cancel, on_error, on_exception } = params;
  if (typeof title !== 'string' || title === '') throw new RangeError('title must be a text that is not empty');
  const issue = approversIssue(approvers);
  if (issue !== null) throw new RangeError(`approvers ${issue}`);
  const { roles, users, manager_of_customer } = approvers as Record<string, unknown>;
  const expiresInMs = isAbsent(expires_in) ? null : readSpan('expires_in', expires_in);
  const remindBeforeMs = isAbsent(remind_before) ? null : readSpan('remind_before', remind_before);
  if (remindBeforeMs !== null && (expiresInMs === null || remindBeforeMs >= expiresInMs)) {
    throw new RangeError('remind_before must be shorter than expires_in');
  }
  return {
    title,
    message: typeof message === 'string' ? message : null,
    roles: readTexts(roles),
    users: readTexts(users),
    managerOfCustomer: manager_of_customer === true,
    required: typeof required === 'number' ? required : 1,
    forbidInitiator: forbid_initiator !== false,
    expiresInMs,
    remindBeforeMs,
    onExpire: readPath(on_expire) ?? 'fail',
    onReject: readPath(on_reject) ?? 'fail',
    onException: {
      CANCEL: readPath(on_cancel) ?? readPath(on_exception),
      ERROR: readPath(on_error) ?? readPath(on_exception),
    },
  };
}

/** @returns why it can never be approved as it stands, continuing "the action …", or null. @param params that are right */
export function approvalShortage(params: Record<string, unknown>): string | null {
  const { roles, users, managerOfCustomer, required } = approvalRequest(params);
  const most = new Set(users).size + (managerOfCustomer ? 1 : 0);
  if (roles.length > 0 || most >= required) return null;
  return `needs ${required} approvals, and ${most === 1 ? 'one person is' : `${most} people are`} asked: it can only be rejected or expire`;
}

/** @returns what is wrong with `approvers`, continuing "params.approvers …", or null */
export function approversIssue(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'must be an object {roles?, users?, manager_of_customer?}';
  }
  const { roles, users, manager_of_customer, ...more } = value as Record<string, unknown>;
  const unknown = Object.keys(more)[0];
  if (unknown !== undefined) return `has no member ${unknown}: it takes roles, users, manager_of_customer`;
  if (!isListOfNames(roles) || !isListOfNames(users)) {
    return `must list roles and users as texts that are not empty, at most ${approvalLimits.names} of each`;
  }
  if (manager_of_customer !== undefined && typeof manager_of_customer !== 'boolean') {
    return 'must have true or false as manager_of_customer';
  }
  if (readTexts(roles).length + readTexts(users).length === 0 && manager_of_customer !== true) {
    return 'must name a role, a user or manager_of_customer: no person could answer';
  }
  return null;
}

function isListOfNames(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    Array.isArray(value) &&
    value.length <= approvalLimits.names &&
    value.every((name) => typeof name === 'string' && name !== '' && name.length <= approvalLimits.nameLength)
  );
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

function readSpan(name: string, value: unknown): number {
  if (typeof value !== 'object' || value === null) throw new RangeError(`${name} must be an object {value, unit}`);
  try {
    return spanMilliseconds(value as Record<string, unknown>);
  } catch (error) {
    throw new RangeError(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function readPath(value: unknown): ApprovalPath | null {
  return approvalPaths.find((path) => path === value) ?? null;
}
