/**
 * The form of commands. The ways in have read them before; a caller that talks to Temporal directly has not, and a command that
 * cannot be executed must not get into a run.
 */
import { answerDataIssue, approversIssue } from '#libs/domain/approvals/approval-params.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';

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

/** @param answer that is a command */
export function answerIssue({ token, decision, data }: Record<keyof { token: 0; decision: 0; data: 0 }, unknown>) {
  if (!isText(token)) return 'token must be a text that is not empty';
  if (decision !== 'approve' && decision !== 'reject') return 'decision must be approve or reject';
  const issue = data === null || data === undefined ? null : answerDataIssue(data);
  return issue === null ? null : `data ${issue}`;
}

export function reassignIssue({ token, approvers }: { token: unknown; approvers: unknown }): string | null {
  if (!isText(token)) return 'token must be a text that is not empty';
  const issue = approversIssue(approvers);
  if (issue !== null) return `approvers ${issue}`;
  return Object.hasOwn(approvers as object, 'manager_of_customer') ? 'approvers must name roles or users' : null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
