/** `increment_manager_counter`: adds to a counter of the manager whom the rule names, else of the customer's. */
import type { DirectoryActions, Manager } from '#libs/domain/directory/directory.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { CounterStore } from '#libs/domain/crm/manager-counter.ts';
import type { IncrementCounterInput, ActionResult } from '#temporal/contract/activities.ts';
import { effectRecord } from './action-record.ts';
import { knownCustomer } from './require-customer.ts';
import { managerOfCustomer, namedManager } from './resolve-manager.ts';

export interface IncrementCounterPorts {
  directory: Pick<DirectoryActions, 'customer' | 'manager'>;
  counters: CounterStore;
}

/** A repeated attempt finds the addition done, for the manager it was done for. */
export function incrementCounterActivity({ directory, counters }: IncrementCounterPorts) {
  return async (input: IncrementCounterInput): Promise<ActionResult> => {
    const { key, counter, by } = input;
    const addition =
      (await counters.find(key)) ??
      (await counters.add({
        ...effectRecord(input),
        manager_id: (await managerFor(input, directory)).id,
        counter,
        by,
      }));
    const { manager_id: manager, by: count } = addition;
    return {
      detail: `manager ${manager}: ${addition.counter} +${count}`,
      report: { code: 'counter_raised', params: { manager, counter: addition.counter, count } },
    };
  };
}

async function managerFor(
  input: IncrementCounterInput,
  directory: IncrementCounterPorts['directory'],
): Promise<Manager> {
  const named = await namedManager(directory, input.managerId, input.tenant);
  if (named !== null) return named;
  const customer = await knownCustomer(directory, input);
  const manager = await managerOfCustomer(directory, customer, input.tenant);
  if (manager !== null) return manager;
  throw new PermanentError(
    'manager_not_found',
    `Customer ${customer.id} has no enabled manager: assign one, or name one in params.manager_id`,
  );
}
