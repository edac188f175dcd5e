/** What an action names and the directory does not have. A person has to mend the rule or the directory. */
import type { Manager, Team } from './directory.ts';
import { PermanentError } from '../errors/errors.ts';

export function customerNotFound(id: string): PermanentError {
  const mend = 'load it with "signalbox directory apply", or let customer.registered of it come first';
  return new PermanentError('customer_not_found', `There is no customer "${id}" in the directory: ${mend}`);
}

/** @param tenant the run's brand; null = none */
export function managerNotFound(id: number, tenant: string | null): PermanentError {
  const mend = 'name one that "signalbox directory list managers" shows as enabled';
  return new PermanentError(
    'manager_not_found',
    `Manager ${id} is unknown, not enabled or does not work for ${describeBrand(tenant)}: ${mend}`,
  );
}

/**
 * @param whose who names the team, as ` of desk "retention"`, or empty
 * @param teams that the brand of the run may know of
 */
export function teamNotFound(id: string, whose: string, teams: readonly Team[]): PermanentError {
  const ids = listed(teams.map((team) => team.id));
  return new PermanentError('team_not_found', `There is no team "${id}"${whose}; ${ids}.`);
}

/**
 * @param whose who names the agent, as ` of desk "retention"`, or empty
 * @param tenant the run's brand; null = none
 * @param managers who could be named instead
 */
export function agentNotFound(
  id: number,
  whose: string,
  tenant: string | null,
  managers: readonly Manager[],
): PermanentError {
  const names = listed(managers.map((manager) => `${manager.id} (${manager.name})`));
  const message = `Manager ${id}${whose} is unknown, not enabled or does not work for ${describeBrand(tenant)}; ${names}.`;
  return new PermanentError('agent_not_found', message);
}

/** In a sentence about who works for it. */
export function describeBrand(tenant: string | null): string {
  return tenant === null ? 'every brand' : `brand "${tenant}"`;
}

function listed(names: string[]): string {
  return names.length === 0 ? 'there are none' : `there are: ${names.slice(0, 20).join(', ')}`;
}
