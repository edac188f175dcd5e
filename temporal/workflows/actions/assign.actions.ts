/** Actions that say who looks after a customer. */
import { retentionDesk } from '#libs/domain/directory/directory.ts';
import type { AssignmentTarget, ActionTarget } from '#temporal/contract/activities.ts';
import { invalid, optionalInteger, optionalText, requiredKey, requiredText, shown } from './read-params.ts';
import type { StateChangeHandler, Params } from './action-handler.ts';

const assign = (subject: ActionTarget, target: AssignmentTarget): ReturnType<StateChangeHandler['effect']> => ({
  activity: 'assignCustomer',
  input: { ...subject, target },
});

export const assignToTeam: StateChangeHandler = {
  kind: 'effect',
  hint: ({ team_id }) => shown(team_id),
  effect: (params, subject) => assign(subject, { to: 'team', teamId: String(requiredKey(params, 'team_id')) }),
};

export const assignToAgent: StateChangeHandler = {
  kind: 'effect',
  hint: ({ agent_id, agent }) => (agent_id === undefined ? shown(agent) : `manager ${shown(agent_id)}`),
  effect: (params, subject) => assign(subject, agentOrDesk(params)),
};

export const reassignRoundRobin: StateChangeHandler = {
  kind: 'effect',
  hint: ({ team_id }) => shown(team_id),
  effect: (params, subject) => {
    const named = params['team_id'] !== undefined && params['team_id'] !== null;
    return assign(subject, { to: 'another', teamId: named ? String(requiredKey(params, 'team_id')) : null });
  },
};

export const handoverToRetention: StateChangeHandler = {
  kind: 'effect',
  effect: (_params, subject) => assign(subject, { to: 'desk', code: retentionDesk }),
};

function agentOrDesk(params: Params): AssignmentTarget {
  const managerId = optionalInteger(params, 'agent_id');
  if ((managerId === null) === (optionalText(params, 'agent') === null)) {
    throw invalid('agent_id', 'given, or params.agent, and not both');
  }
  return managerId === null ? { to: 'desk', code: requiredText(params, 'agent') } : { to: 'agent', managerId };
}
