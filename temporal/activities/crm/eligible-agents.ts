/** Teams and the agents who may be given a customer of one brand: enabled managers who work for it. */
import { worksFor, type DirectoryActions, type Team } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { agentNotFound, describeBrand, teamNotFound } from '#libs/domain/directory/not-found.ts';
import { teamAndBelow } from '#libs/domain/directory/team-tree.ts';

export interface Staff {
  /**
   * Agents of the team and of those below it, the nearest first; at least one. A team whose agents all work for other
   * brands is as good as none.
   * @param whose who names the team, as ` of desk "retention"`, or empty
   * @throws PermanentError `team_not_found`, `no_active_agent`
   */
  agentsOf(teamId: string, whose: string): Promise<number[]>;
  /** @returns the id itself. @throws PermanentError `agent_not_found` */
  agent(id: number, whose: string): number;
  /** Whether the team, or one below it, has the agent. */
  has(teamId: string, agent: number): boolean;
  /** The customer's team, else the only one that his manager is in. @throws PermanentError `team_not_found` */
  teamOf(customer: Customer): string;
}

/** The manager a customer is with now. */
export function presentAgent({ assigned_manager_id, manager_id }: Customer): number | null {
  return assigned_manager_id || manager_id || null;
}

/** @param tenant the run's brand; null = none */
export async function staffFor(
  directory: Pick<DirectoryActions, 'teams' | 'enabledManagers' | 'manager'>,
  tenant: string | null,
): Promise<Staff> {
  const [teams, enabled] = await Promise.all([directory.teams(), directory.enabledManagers()]);
  const managers = enabled.filter((manager) => worksFor(manager, tenant));
  const ids = new Set(managers.map(({ id }) => id));

  const membersOf = (teamId: string): number[] => {
    return [...new Set(teamAndBelow(teams, teamId).flatMap(({ agent_ids = [] }) => agent_ids))];
  };
  /** Teams belong to no brand, their agents do. */
  const own = (): Team[] => teams.filter(({ id }) => membersOf(id).some((agent) => ids.has(agent)));

  return {
    async agentsOf(teamId, whose) {
      if (teamAndBelow(teams, teamId).length === 0) throw teamNotFound(teamId, whose, own());
      const members = membersOf(teamId);
      const agents = members.filter((id) => ids.has(id));
      if (agents.length > 0) return agents;
      const known = (await Promise.all(members.map((id) => directory.manager(id)))).filter((one) => one !== null);
      const disabled = known.filter((manager) => worksFor(manager, tenant)).map(({ id }) => id);
      if (known.length > 0 && disabled.length === 0) throw teamNotFound(teamId, whose, own());
      throw noActiveAgent(teamId, disabled, tenant);
    },

    agent(id, whose) {
      if (!ids.has(id)) throw agentNotFound(id, whose, tenant, managers);
      return id;
    },

    has: (teamId, agent) => teamAndBelow(teams, teamId).some(({ agent_ids }) => agent_ids?.includes(agent)),

    teamOf: (customer) => customer.team_id ?? requireSameTeam(customer, teams),
  };
}

function requireSameTeam(customer: Customer, teams: readonly Team[]): string {
  const manager = presentAgent(customer);
  const found = teams.filter(({ agent_ids }) => manager !== null && agent_ids?.includes(manager));
  if (found.length === 1) return found[0]!.id;
  const why = found.length === 0 ? '' : `, and its manager ${manager} is in ${found.length}`;
  throw new PermanentError(
    'team_not_found',
    `Customer ${customer.id} has no team${why}: name one in params.team_id, or assign it to a team first`,
  );
}

/** @param disabled agents of the team who work for the brand */
function noActiveAgent(teamId: string, disabled: number[], tenant: string | null): PermanentError {
  const agents = disabled.slice(0, 20).join(', ');
  const message =
    disabled.length === 0
      ? `Team "${teamId}" and the teams below it have no agents: give it some`
      : `The agents of team "${teamId}" and the teams below it who work for ${describeBrand(tenant)} are not enabled (${agents}): ` +
        'enable one, or give the team another';
  return new PermanentError('no_active_agent', message);
}
