import type { HookInputs } from '#libs/contracts/hook-operation.schema.ts';
import { runDataIssue, type RunData } from '#libs/domain/context/run-data.ts';
import { findFirstRun } from '#libs/domain/runs/execution-id.ts';
import { isOneOf, toPerson, type Caller } from '../caller.ts';
import { conflict, HookError, invalidInput, securityError } from '../hook.error.ts';
import type { HookPorts } from '../ports.ts';
import { itemsOf, withData } from '../request-data.ts';
import {
  actionNumbersOf,
  actionOf,
  findRequest,
  openApproval,
  type FoundAction,
  type FoundRequest,
} from '../targets.ts';
import { toActionAnswer, type ActionAnswer } from './action-answer.ts';

type Input = HookInputs['completeAction'];

/** Who may is decided by the run. Beside that, a viewer who set it off may not complete it on behalf of another. */
export async function completeAction(ports: HookPorts, caller: Caller, input: Input): Promise<ActionAnswer> {
  const { requestNumber, number } = actionNumbersOf(input, input.activityName);
  const request = await findRequest(ports, caller, requestNumber);
  refuseOtherState(request, input);
  const found = await actionOf(ports, request, number ?? numberOfActivity(request, input.activityName ?? ''));
  refuseOtherName(found, input);
  const approval = openApproval(found);
  const { viewer, user, isDelegated } = caller;
  if (isDelegated && (await isOneOf(ports, viewer, approval.forbidden_users))) {
    throw securityError(`User '${viewer.user.username}' set this request off and may not complete this action`);
  }
  const answer = { token: approval.token, by: toPerson(user), comment: null, data: null, decision: 'approve' } as const;
  const complete = (more: { parameters?: RunData }): Promise<unknown> =>
    ports.control.answer({ ...answer, ...more }, null, approval);
  const given = input.parameters ?? [];
  if (given.length === 0) await complete({});
  else
    await withData(ports, await itemsOf(ports, found), given, async (parameters) => {
      await refuseTooMuch(ports, found, parameters);
      return complete({ parameters });
    });
  return toActionAnswer(found);
}

/** Found out beforehand: a run that takes the answer and cannot save what it brings fails. @throws HookError `invalid_parameter` */
async function refuseTooMuch({ data }: HookPorts, { run }: FoundRequest, parameters: RunData): Promise<void> {
  const issue = runDataIssue({ ...(await data.changes(findFirstRun(run.run_id))), ...parameters });
  if (issue !== null) throw new HookError('invalid_parameter', `The data of the request, all together, ${issue}`);
}

/** @throws HookError `conflict` when several are open, `not_found` when none is */
function numberOfActivity({ approvals, number }: FoundRequest, name: string): number {
  const open = approvals.filter(({ state, title }) => state === 'open' && title === name);
  const actions = [...new Set(open.map(({ action }) => action))];
  if (actions.length > 1) throw conflict(`Several open actions of request ${number} have this activityName`);
  if (actions[0] === undefined) {
    throw new HookError('not_found', `No open action of request ${number} has this activityName`);
  }
  return actions[0] + 1;
}

function refuseOtherName({ approval, number, action }: FoundAction, { activityName }: Input): void {
  if (activityName === undefined || approval === null || approval.title === activityName) return;
  throw invalidInput(`activityName is not that of action ${action} of request ${number}`);
}

function refuseOtherState({ run, number }: FoundRequest, { isTest }: Input): void {
  const isOne = run.request?.is_test ?? false;
  if (isTest === undefined || isTest === isOne) return;
  throw invalidInput(`isTest is ${isTest}, and request ${number} is ${isOne ? 'one of a test' : 'no test'}`);
}
