/** `assign_to_team`, `assign_to_agent`, `reassign_round_robin` and `handover_to_retention`. */
import type { Assignment, AssignmentStore, CustomerAssignment } from '#libs/domain/crm/assignment.ts';
import type { CustomerChange } from '#libs/domain/directory/customer-change.ts';
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { AssignCustomerInput } from '#temporal/contract/activities.ts';
import { chooseAgent, type ChooseAgentPorts } from './choose-assignee.ts';
import type { EffectResult, EmittedEvent } from './publish-changes.ts';
import { effectRecord } from './action-record.ts';
import { knownCustomer, linkedCustomer } from './require-customer.ts';

export interface AssignCustomerPorts extends ChooseAgentPorts {
  directory: ChooseAgentPorts['directory'] & Pick<DirectoryActions, 'customer' | 'assignCustomer'>;
  assignments: AssignmentStore;
}

/**
 * Three writes, each once for the key: draw the agent, store the assignment, change the customer. An attempt that dies
 * in between is made good by the next one, which finds what is done and goes on from there.
 */
export function assignCustomerActivity(ports: AssignCustomerPorts) {
  const { directory, assignments } = ports;

  const newAssignment = async (input: AssignCustomerInput): Promise<Assignment> => {
    const customer = await knownCustomer(directory, input);
    return { ...effectRecord(input), ...(await chooseAgent(input, customer, ports)) };
  };

  return async (input: AssignCustomerInput): Promise<EffectResult> => {
    const customerId = linkedCustomer(input);
    const place = (await assignments.find(input.key)) ?? (await assignments.add(await newAssignment(input)));
    const change = await directory.assignCustomer(customerId, place, input.key);
    const verb = change === null ? 'stays with' : 'assigned to';
    const detail = `customer ${customerId}: ${verb} manager ${place.manager_id}${describeTarget(place)}`;
    const code = change === null ? 'customer_stays' : 'customer_assigned';
    const { manager_id: manager, team_id: team, desk } = place;
    const report = { code, params: { customer: customerId, manager, team, desk } } as const;
    return { detail, report, emits: change === null ? [] : [assigned(place, change)] };
  };
}

function describeTarget({ team_id, desk }: CustomerAssignment): string {
  const parts = [...(desk === null ? [] : [`desk ${desk}`]), ...(team_id === null ? [] : [`team ${team_id}`])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function assigned({ manager_id, team_id, desk }: CustomerAssignment, { from, at }: CustomerChange): EmittedEvent {
  const data = { manager_id, team_id, desk, previous_manager_id: from.assigned_manager_id ?? null };
  return { type: 'customer.assigned', data, at };
}
