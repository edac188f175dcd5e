import type { HookInputs } from '#libs/contracts/hook-operation.schema.ts';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import { mayCancelRequest } from '#libs/domain/hooks/rights.ts';
import { toPerson, type Caller } from '../caller.ts';
import { conflict } from '../hook.error.ts';
import type { HookPorts } from '../ports.ts';
import { findRequest, present, requestNumberOf, scopeFor } from '../targets.ts';
import type { RequestAnswer } from './create-request.ts';

export async function cancelRequest(
  ports: HookPorts,
  caller: Caller,
  input: HookInputs['cancelRequest'],
): Promise<RequestAnswer> {
  const found = await findRequest(ports, caller, requestNumberOf(input));
  const { run, number } = found;
  const { user } = caller;
  const scope = await scopeFor(ports, user, found);
  const authority = present(mayCancelRequest(user, scope), user, `cancel request ${number}`);
  if (run.finished_at !== null) throw conflict(`Request ${number} has ended`);
  const notifiesParticipants = input.notifyParticipant ?? false;
  await ports.control.cancel(run.run_id, toPerson(user), null, null, { authority, notifiesParticipants });
  return { requestId: encodeId('Request', number), number };
}
