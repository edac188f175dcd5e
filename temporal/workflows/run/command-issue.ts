/**
 * The form of commands. The ways in have read them before; a caller that talks to Temporal directly has not, and a command that
 * cannot be executed must not get into a run.
 */
import { authorities, exceptionTypes } from '#libs/domain/approvals/approval.ts';
import { answerDataIssue, approversIssue } from '#libs/domain/approvals/approval-params.ts';
import { runDataIssue } from '#libs/domain/context/run-data.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import type { AnswerInput, CancelApprovalInput, Command, ReassignInput } from '#temporal/contract/run-messages.ts';

/** What a command may hold before it was looked at. */
type Unread<Input extends Command> = { [Name in keyof Input]?: unknown };

const wrongToken = 'token must be a text that is not empty';
const wrongAuthority = `authority must be one of ${authorities.join(', ')}`;

/** @returns what is wrong with who gives the command and until when it is valid, or null */
export function commandIssue(command: unknown): string | null {
  if (!isJsonObject(command)) return 'A command is an object';
  const { by, validUntil } = command;
  if (!isJsonObject(by) || !isText(by['userId'])) return 'by.userId must be a text that is not empty';
  if (typeof by['role'] !== 'string') return 'by.role must be a text';
  for (const name of ['brands', 'names']) {
    if (by[name] !== undefined && !isListOfTexts(by[name])) return `by.${name} must be a list of texts`;
  }
  const isTime = validUntil === undefined || (typeof validUntil === 'string' && !Number.isNaN(Date.parse(validUntil)));
  return isTime ? null : 'validUntil must be a time in ISO 8601';
}

export function answerIssue({ token, decision, data, parameters }: Unread<AnswerInput>): string | null {
  if (!isText(token)) return wrongToken;
  if (decision !== 'approve' && decision !== 'reject') return 'decision must be approve or reject';
  const issue = data === null || data === undefined ? null : answerDataIssue(data);
  if (issue !== null) return `data ${issue}`;
  const wrong = parameters === undefined ? null : runDataIssue(parameters);
  return wrong === null ? null : `parameters ${wrong}`;
}

export function cancelIssue({ token, type, message, source, authority }: Unread<CancelApprovalInput>): string | null {
  if (!isText(token)) return wrongToken;
  if (!isOneOf(exceptionTypes, type)) return `type must be ${exceptionTypes.join(' or ')}`;
  for (const [name, text] of Object.entries({ message, source })) {
    if (text !== null && text !== undefined && typeof text !== 'string') return `${name} must be a text or null`;
  }
  return isOneOf(authorities, authority) ? null : wrongAuthority;
}

export function reassignIssue({ token, approvers, authority }: Unread<ReassignInput>): string | null {
  if (!isText(token)) return wrongToken;
  if (authority !== undefined && !isOneOf(authorities, authority)) return wrongAuthority;
  if (approvers === null) return null;
  const issue = approversIssue(approvers);
  if (issue !== null) return `approvers ${issue}`;
  return Object.hasOwn(approvers as object, 'manager_of_customer') ? 'approvers must name roles or users' : null;
}

function isOneOf(values: readonly string[], value: unknown): boolean {
  return values.some((one) => one === value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
