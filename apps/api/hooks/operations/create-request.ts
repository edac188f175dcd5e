import type { HookInputs } from '#libs/contracts/hook-operation.schema.ts';
import { isForBrand } from '#libs/domain/approvals/approval.ts';
import type { RunData } from '#libs/domain/context/run-data.ts';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import { chooseProcess, type Process, type ProcessQuery } from '#libs/domain/hooks/processes.ts';
import { missingItems } from '#libs/domain/hooks/parameters.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import type { Caller } from '../caller.ts';
import { conflict, HookError, invalidInput, securityError } from '../hook.error.ts';
import type { HookPorts } from '../ports.ts';
import { withData } from '../request-data.ts';

type Input = HookInputs['createRequest'];

export interface RequestAnswer {
  requestId: string;
  number: number;
}

export async function createRequest(ports: HookPorts, caller: Caller, input: Input): Promise<RequestAnswer> {
  const process = await findProcess(ports, caller, input);
  const { name, version, public: isPublic, data: items } = process.rule.process;
  if (!isPublic) throw securityError(`The process "${name}", version ${version}, is not public`);
  const { username, brands } = caller.user.user;
  const who = { user: { username, brands }, viewer: caller.viewer.user.username };
  const { number } = await withData(ports, items, input.parameters ?? [], (data) => {
    refuseMissing(items, data);
    return ports.startRequest({ process, data, ...who });
  });
  return { requestId: encodeId('Request', number), number };
}

function refuseMissing(items: readonly DataItem[], data: RunData): void {
  const missing = missingItems(items, data);
  if (missing.length === 0) return;
  throw new HookError(
    'invalid_parameter',
    `The process needs a value of each of these parameters: ${missing.join(', ')}`,
  );
}

/** A process of a brand that one of the two does not work for is not there. */
async function findProcess(ports: HookPorts, { viewer, user }: Caller, input: Input): Promise<Process> {
  const query = toQuery(input);
  const { name, number } = query;
  const candidates = await ports.processes.candidates(number === undefined ? { name } : { number });
  const known = candidates.filter(({ rule: { brand } }) =>
    [viewer, user].every((actor) => brand === null || isForBrand(actor.user.brands, brand)),
  );
  refuseDisagreement(known, query);
  const found = chooseProcess(known, query);
  if (found === 'not_found') throw new HookError('not_found', `There is no ${describe(query)} that can be started`);
  if (found === 'ambiguous') throw conflict(`There are several rules that are ${describe(query)}: give processId`);
  return found;
}

/** @throws HookError `invalid_input` */
function toQuery({
  processName: name,
  processId: number,
  processVersion: version,
  isTest,
  inTest,
}: Input): ProcessQuery {
  if (name === undefined && number === undefined) throw invalidInput('processName is missing');
  if (isTest !== undefined && inTest !== undefined && isTest !== inTest) {
    throw invalidInput('isTest and inTest are the same property: they must not differ');
  }
  return { name, number, version, isTest: isTest ?? inTest ?? false };
}

/** An id names one version of one process. */
function refuseDisagreement(known: readonly Process[], { number, name, version }: ProcessQuery): void {
  const process = number === undefined ? undefined : known[0]?.rule.process;
  if (process === undefined) return;
  const { name: ownName, version: ownVersion } = process;
  if (name !== undefined && name !== ownName) {
    throw invalidInput(`processId is that of the process "${ownName}": processName must not name another`);
  }
  if (version !== undefined && version !== ownVersion) {
    throw invalidInput(`processId is that of version ${ownVersion}: processVersion must not name another`);
  }
}

function describe({ name, number, version, isTest }: ProcessQuery): string {
  const what = name === undefined ? `process ${number}` : `process "${name}"`;
  const which = version === undefined ? '' : `, version ${version},`;
  return `${what}${which} in the state ${isTest ? '"test"' : '"active"'}`;
}
