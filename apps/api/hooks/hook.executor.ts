/** Executes an operation of an incoming webhook, on record, and says what callers are answered. */
import { withoutDelegation, type HookInputs, type HookOperation } from '#libs/contracts/hook-operation.schema.ts';
import type { AuditEvent } from '#libs/domain/access/audit-log.ts';
import type { WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { echoDelegation, findCaller, type Caller, type Delegation } from './caller.ts';
import type { HookRequest } from './envelope.ts';
import { assignAction, cancelActionAssignment } from './operations/assign-action.ts';
import { cancelAction } from './operations/cancel-action.ts';
import { cancelRequest } from './operations/cancel-request.ts';
import { completeAction } from './operations/complete-action.ts';
import { createRequest } from './operations/create-request.ts';
import { updateRequestDataset } from './operations/update-dataset.ts';
import type { HookPorts } from './ports.ts';

type Operations = {
  [Name in HookOperation]: (ports: HookPorts, caller: Caller, input: HookInputs[Name]) => Promise<object>;
};

const operations: Operations = {
  createRequest,
  updateRequestDataset,
  cancelRequest,
  completeAction,
  cancelAction,
  assignAction,
  cancelActionAssignment,
};

/** @returns the members of the answer. @throws what operations throw: see `toHookError` */
export type ExecuteHook = (application: WebhookApplication, request: HookRequest) => Promise<object>;

export function createHookExecutor(ports: HookPorts): ExecuteHook {
  return async (application, request) => {
    const { operation, input } = request;
    const caller = await findCaller(ports, application, input as Delegation);
    const answer = await ports.audited(buildNote(caller, request), () => execute(ports, caller, request));
    return {
      clientMutationId: input.clientMutationId ?? null,
      ...answer,
      ...(!withoutDelegation.includes(operation) && echoDelegation(caller)),
    };
  };
}

function execute(ports: HookPorts, caller: Caller, { operation, input }: HookRequest): Promise<object> {
  // The two belong together, which the compiler cannot follow.
  const act: (ports: HookPorts, caller: Caller, input: never) => Promise<object> = operations[operation];
  return act(ports, caller, input as never);
}

/** Which parameters came, and not what they hold: that stands in the data of the request alone. */
function buildNote(
  { applicationId, viewer, user, isDelegated }: Caller,
  { operation, input }: HookRequest,
): AuditEvent {
  const { clientMutationId, parameters, ...rest } = input as { clientMutationId?: string; parameters?: unknown[] };
  const what = {
    operation,
    ...(isDelegated && { on_behalf_of: user.user.username }),
    ...(clientMutationId !== undefined && { clientMutationId }),
    ...(parameters !== undefined && { parameters: parameters.length }),
    input: rest,
  };
  return { operation: 'hook.execute', target: `hook/${applicationId}`, brand: null, by: viewer.user.username, what };
}
