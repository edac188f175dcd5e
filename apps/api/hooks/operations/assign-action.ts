/** Says who answers a waiting action, or takes that back. */
import type { HookInputs } from '#libs/contracts/hook-operation.schema.ts';
import { whyNotEntitled, type Approvers, type Authority } from '#libs/domain/approvals/approval.ts';
import { mayAssign } from '#libs/domain/hooks/rights.ts';
import { findUser, toPerson, type Caller } from '../caller.ts';
import { conflict, invalidInput } from '../hook.error.ts';
import type { HookPorts } from '../ports.ts';
import {
  actionNumbersOf,
  findAction,
  named,
  openApproval,
  present,
  scopeFor,
  type ActionInput,
  type FoundAction,
} from '../targets.ts';
import { toActionAnswer, type ActionAnswer } from './action-answer.ts';

export async function assignAction(
  ports: HookPorts,
  caller: Caller,
  input: HookInputs['assignAction'],
): Promise<ActionAnswer> {
  const { assigneeId: number, assigneeUserName: username } = input;
  if (number === undefined && username === undefined) {
    throw invalidInput('assigneeUserName or assigneeId must name the assignee');
  }
  const { found, authority } = await findAssignable(ports, caller, input);
  const approvers = { users: [await findAssignee(ports, found, { number, username })], roles: [] };
  return reassign(ports, caller, found, approvers, authority);
}

export async function cancelActionAssignment(
  ports: HookPorts,
  caller: Caller,
  input: HookInputs['cancelActionAssignment'],
): Promise<ActionAnswer> {
  const { found, authority } = await findAssignable(ports, caller, input);
  return reassign(ports, caller, found, null, authority);
}

async function findAssignable(
  ports: HookPorts,
  caller: Caller,
  input: ActionInput,
): Promise<{ found: FoundAction; authority: Authority }> {
  const { requestNumber, number } = actionNumbersOf(input);
  const found = await findAction(ports, caller, { requestNumber, number: number! });
  const { user } = caller;
  const right = mayAssign(user, await scopeFor(ports, user, found));
  const authority = present(right, user, `say who answers action ${found.action} of request ${requestNumber}`);
  openApproval(found);
  return { found, authority };
}

/**
 * @returns the username
 * @throws HookError `not_found`, `conflict` for one who could not answer
 */
async function findAssignee(
  ports: HookPorts,
  found: FoundAction,
  wanted: { number: number | undefined; username: string | undefined },
): Promise<string> {
  const user = await findUser(ports, wanted, 'assignee');
  const { username } = user;
  if (!user.enabled) throw conflict(`User '${username}' is disabled and could not answer`);
  const asked = { ...openApproval(found), approvers: { users: [username], roles: [] } };
  const reason = whyNotEntitled(asked, await named(ports, { user, groups: [] }));
  if (reason !== null) throw conflict(`User '${username}' ${reason}`);
  return username;
}

/** @param approvers null: those whom the rule names */
async function reassign(
  { control }: HookPorts,
  { user }: Caller,
  found: FoundAction,
  approvers: Approvers | null,
  authority: Authority,
): Promise<ActionAnswer> {
  const { token } = openApproval(found);
  await control.reassign({ token, approvers, reason: null, authority, by: toPerson(user) });
  return toActionAnswer(found);
}
