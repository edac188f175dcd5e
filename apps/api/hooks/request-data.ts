/** The parameters of operations. */
import type { RunData } from '#libs/domain/context/run-data.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import { conflict } from './hook.error.ts';
import type { HookPorts } from './ports.ts';
import { ruleOf, type FoundRequest } from './targets.ts';

/**
 * Reads the parameters, and does something with them. Their files do not stay where it is refused.
 * @throws what `Parameters.read` throws, and `act`
 */
export async function withData<Result>(
  { parameters }: Pick<HookPorts, 'parameters'>,
  items: readonly DataItem[],
  given: readonly unknown[],
  act: (data: RunData) => Promise<Result>,
): Promise<Result> {
  const data = await parameters.read(items, given);
  try {
    return await act(data);
  } catch (error) {
    // After another error it may have been done.
    if (!(error instanceof RetryableError)) await parameters.discard(data);
    throw error;
  }
}

/**
 * @returns the data items of its process, as they were when it was created
 * @throws HookError `conflict` for a run that an event has started: it has no data
 */
export async function itemsOf(ports: HookPorts, { number, run }: FoundRequest): Promise<readonly DataItem[]> {
  const items = run.request === undefined ? undefined : (await ruleOf(ports, run))?.process?.data;
  if (items === undefined) throw conflict(`Request ${number} belongs to no process, so it has no data`);
  return items;
}
