import type { HookInputs } from '#libs/contracts/hook-operation.schema.ts';
import { hasAccess, hasSystemAccess, mayCancelAction } from '#libs/domain/hooks/rights.ts';
import { toPerson, type Caller } from '../caller.ts';
import { conflict, securityError } from '../hook.error.ts';
import type { HookPorts } from '../ports.ts';
import { actionNumbersOf, actionOf, findRequest, isAssignee, openApproval, present, scopeFor } from '../targets.ts';
import { toActionAnswer, type ActionAnswer } from './action-answer.ts';

type Input = HookInputs['cancelAction'];

/**
 * Leaves a waiting action along an exception path. The rights are those of the viewer; the delegator has to have access
 * to the request, too.
 */
export async function cancelAction(ports: HookPorts, caller: Caller, input: Input): Promise<ActionAnswer> {
  const { requestNumber, number } = actionNumbersOf(input);
  const { viewer, user } = caller;
  // Of the viewer first: to whom the request is there is told that the other has no access.
  const request = await findRequest(ports, { ...caller, user: viewer }, requestNumber);
  const ofUser = await scopeFor(ports, user, request);
  if (!hasAccess(user, ofUser)) {
    throw securityError(`User '${user.user.username}' has no access to request ${requestNumber}`);
  }
  present(hasSystemAccess(viewer) || null, viewer, 'use system operations');
  const found = await actionOf(ports, request, number!);
  const isAsked = await isAssignee(ports, viewer, found.approval);
  const right = mayCancelAction(viewer, await scopeFor(ports, viewer, request), isAsked);
  const authority = present(right, viewer, `cancel action ${found.action} of request ${requestNumber}`);
  const approval = openApproval(found);
  const { type = 'CANCEL', exception = {} } = input;
  if (!(approval.exceptions ?? []).includes(type)) {
    throw conflict(`The rule defines no exception path of the action for ${type}`);
  }
  const { message = null, source = null } = exception;
  const { token } = approval;
  await ports.control.cancelApproval({ token, type, message, source, authority, by: toPerson(viewer) });
  return toActionAnswer(found);
}
