import { randomUUID } from 'node:crypto';
import type { HookInputs } from '#libs/contracts/hook-operation.schema.ts';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import { hasSystemAccess } from '#libs/domain/hooks/rights.ts';
import { findFirstRun } from '#libs/domain/runs/execution-id.ts';
import type { Caller } from '../caller.ts';
import { conflict } from '../hook.error.ts';
import type { HookPorts } from '../ports.ts';
import { itemsOf, withData } from '../request-data.ts';
import { findRequest, present, requestNumberOf } from '../targets.ts';
import type { RequestAnswer } from './create-request.ts';

export async function updateRequestDataset(
  ports: HookPorts,
  caller: Caller,
  input: HookInputs['updateRequestDataset'],
): Promise<RequestAnswer> {
  const found = await findRequest(ports, caller, requestNumberOf(input));
  const { run, number } = found;
  present(hasSystemAccess(caller.viewer) || null, caller.viewer, 'use system operations');
  if (run.finished_at !== null) throw conflict(`Request ${number} has ended`);
  await withData(ports, await itemsOf(ports, found), input.parameters ?? [], async (data) => {
    if (Object.keys(data).length > 0) await ports.data.save(findFirstRun(run.run_id), data, randomUUID());
  });
  return { requestId: encodeId('Request', number), number };
}
