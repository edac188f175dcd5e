/** Whom a customer is given to: the place that an assignment's target means now. */
import type { AgentRotation, CustomerAssignment } from '#libs/domain/crm/assignment.ts';
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { AssignCustomerInput } from '#temporal/contract/activities.ts';
import { presentAgent, staffFor } from './eligible-agents.ts';

export interface ChooseAgentPorts {
  directory: Pick<DirectoryActions, 'teams' | 'enabledManagers' | 'manager' | 'desk'>;
  rotation: AgentRotation;
}

/** @throws PermanentError `team_not_found`, `agent_not_found`, `desk_not_found` or `no_active_agent` */
export async function chooseAgent(
  { target, tenant, key }: AssignCustomerInput,
  customer: Customer,
  { directory, rotation }: ChooseAgentPorts,
): Promise<CustomerAssignment> {
  const staff = await staffFor(directory, tenant);
  const present = presentAgent(customer);

  const oneOf = async (team_id: string, whose: string, avoid: number | null): Promise<CustomerAssignment> => {
    const manager_id = await rotation.draw(team_id, await staff.agentsOf(team_id, whose), avoid, key);
    return placeIn(team_id, manager_id, customer);
  };

  /** Out of a team that does not have the agent. */
  const agent = (id: number, whose: string): CustomerAssignment => {
    const manager_id = staff.agent(id, whose);
    const { team_id = null } = customer;
    return placeIn(team_id !== null && staff.has(team_id, id) ? team_id : null, manager_id, customer);
  };

  if (target.to === 'team') return oneOf(target.teamId, '', null);
  if (target.to === 'agent') return agent(target.managerId, '');
  if (target.to === 'another') {
    if (target.teamId !== null) return oneOf(target.teamId, '', present);
    return oneOf(staff.teamOf(customer), ` of customer ${customer.id}`, present);
  }

  const { code, team_id, manager_id = 0 } = await directory.desk(target.code, tenant);
  const whose = ` of desk "${code}"`;
  if (team_id === undefined) return { ...agent(manager_id, whose), desk: code };
  // Who is there already stays with the same agent, however often rules say so.
  const there = customer.desk === code && customer.team_id === team_id;
  if (there && present !== null && (await staff.agentsOf(team_id, whose)).includes(present)) {
    return { manager_id: present, team_id, desk: code };
  }
  return { ...(await oneOf(team_id, whose, null)), desk: code };
}

/** Within its team a customer stays at its desk. */
function placeIn(team_id: string | null, manager_id: number, customer: Customer): CustomerAssignment {
  const stays = team_id !== null && team_id === customer.team_id;
  return { manager_id, team_id, desk: stays ? (customer.desk ?? null) : null };
}
