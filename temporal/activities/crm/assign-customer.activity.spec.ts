import { describe, expect, it } from 'vitest';
import { drawAgent, type Turns } from '#libs/domain/directory/agent-rotation.ts';
import type { Assignment } from '#libs/domain/crm/assignment.ts';
import type { Desk, Manager, Team } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { AssignCustomerInput, AssignmentTarget } from '#temporal/contract/activities.ts';
import { assignCustomerActivity } from './assign-customer.activity.ts';

const managers: Manager[] = [
  { id: 1, name: 'Ada', enabled: true },
  { id: 2, name: 'Bo', enabled: true, brands: ['acme'] },
  { id: 3, name: 'Cy', enabled: true, brands: ['other'] },
  { id: 5, name: 'Di', enabled: false, brands: ['acme'] },
];
const teams: Team[] = [
  { id: 'sales', name: 'Sales', agent_ids: [1] },
  { id: 'sales-north', name: 'North', parent_id: 'sales', agent_ids: [2, 3, 4] },
  { id: 'empty', name: 'Empty' },
  { id: 'others', name: 'Others', agent_ids: [3, 4] },
  { id: 'resting', name: 'Resting', agent_ids: [5, 3] },
];
const desks: Desk[] = [
  { code: 'retention', name: 'Retention', team_id: 'sales' },
  { code: 'vip', name: 'VIP', manager_id: 2 },
  { code: 'lost', name: 'Lost', team_id: 'gone' },
];

function setUp(given: Partial<Customer> = {}) {
  const customer: Customer = { id: 'c-1', ...given };
  const assignments = new Map<string, Assignment>();
  const asked: (string | null)[] = [];
  let turns: Turns = [];
  const activity = assignCustomerActivity({
    directory: {
      customer: (id) => Promise.resolve(id === customer.id ? customer : null),
      teams: () => Promise.resolve(teams),
      enabledManagers: () => Promise.resolve(managers.filter(({ enabled }) => enabled)),
      manager: (id) => Promise.resolve(managers.find((manager) => manager.id === id) ?? null),
      desk: (code, brand) => {
        asked.push(brand);
        return Promise.resolve(desks.find((desk) => desk.code === code)!);
      },
      assignCustomer: (_id, { manager_id: assigned_manager_id, team_id, desk }) => {
        const from = { ...customer };
        const to = { assigned_manager_id, team_id, desk };
        Object.assign(customer, to);
        const same = Object.entries(to).every(([name, value]) => (from[name] ?? null) === value);
        return Promise.resolve(same ? null : { at: '2026-01-01T00:00:00.000Z', from, to });
      },
    },
    assignments: {
      find: (id) => Promise.resolve(assignments.get(id) ?? null),
      add: (record) => Promise.resolve(assignments.set(record.id, record).get(record.id)!),
    },
    rotation: {
      draw: (_team, agents, avoid) => {
        const draw = drawAgent(turns, agents, avoid);
        turns = draw.turns;
        return Promise.resolve(draw.agent);
      },
    },
  });
  let runs = 0;
  const assign = (target: AssignmentTarget, more: Partial<AssignCustomerInput> = {}) => {
    const executionId = `r-1:e-${(runs += 1)}`;
    const key = `${executionId}/action-0`;
    const rule = { ruleId: 'r-1', ruleName: 'Big deposit' };
    const subject = { key, executionId, tenant: 'acme', ...rule, eventId: 'e', customerId: 'c-1', login: 1001 };
    return activity({ ...subject, target, ...more });
  };
  return { customer, assign, asked };
}

describe('assigning a customer', () => {
  it('R-163 goes round the agents of the team and those below it who work for the brand of the run', async () => {
    const { customer, assign } = setUp();
    const given = [];
    for (let n = 0; n < 3; n += 1) {
      await assign({ to: 'team', teamId: 'sales' });
      given.push(customer.assigned_manager_id);
    }
    expect(given).toEqual([1, 2, 1]);
    expect(customer).toMatchObject({ team_id: 'sales', desk: null });
  });

  it('R-164 gives him to the agent who is named, out of a team that is not theirs', async () => {
    const { customer, assign } = setUp({ team_id: 'others', desk: 'retention', assigned_manager_id: 9 });
    const { detail, emits } = await assign({ to: 'agent', managerId: 2 });
    expect(customer).toMatchObject({ assigned_manager_id: 2, team_id: null, desk: null });
    expect(detail).toBe('customer c-1: assigned to manager 2');
    const data = { manager_id: 2, team_id: null, desk: null, previous_manager_id: 9 };
    expect(emits).toEqual([{ type: 'customer.assigned', data, at: '2026-01-01T00:00:00.000Z' }]);
  });

  it('R-164 keeps team and desk of a customer whose new agent is of the same team', async () => {
    const { customer, assign } = setUp({ team_id: 'sales', desk: 'retention', assigned_manager_id: 1 });
    await assign({ to: 'agent', managerId: 2 });
    expect(customer).toMatchObject({ assigned_manager_id: 2, team_id: 'sales', desk: 'retention' });
  });

  it('R-164 R-180 takes the name of a desk: of one manager, or of a team that takes turns', async () => {
    const { customer, assign, asked } = setUp();
    expect(await assign({ to: 'desk', code: 'vip' })).toMatchObject({
      detail: 'customer c-1: assigned to manager 2 (desk vip)',
    });
    expect(customer).toMatchObject({ assigned_manager_id: 2, team_id: null, desk: 'vip' });
    await assign({ to: 'desk', code: 'retention' }, { tenant: null });
    expect(customer).toMatchObject({ assigned_manager_id: 1, team_id: 'sales', desk: 'retention' });
    await assign({ to: 'desk', code: 'retention' }, { tenant: 'default' });
    expect(asked).toEqual(['acme', null, 'default']);
  });

  it('R-165 takes another agent than the present one, of the team he is in or the only one his manager is in', async () => {
    const { customer, assign } = setUp({ manager_id: 2 });
    await assign({ to: 'another', teamId: 'sales' });
    expect(customer.assigned_manager_id).toBe(1);
    await assign({ to: 'another', teamId: null });
    expect(customer).toMatchObject({ assigned_manager_id: 2, team_id: 'sales' });
    const loaded = setUp({ assigned_manager_id: 2 });
    const only = await loaded.assign({ to: 'another', teamId: null });
    expect(only).toMatchObject({ detail: 'customer c-1: assigned to manager 2 (team sales-north)' });
  });

  it('R-166 leaves who is at the desk already with the same agent, and publishes no change', async () => {
    const { customer, assign } = setUp();
    await assign({ to: 'desk', code: 'retention' });
    const again = await assign({ to: 'desk', code: 'retention' });
    expect(again).toEqual({
      detail: 'customer c-1: stays with manager 1 (desk retention, team sales)',
      report: { code: 'customer_stays', params: { customer: 'c-1', manager: 1, team: 'sales', desk: 'retention' } },
      emits: [],
    });
    customer.assigned_manager_id = 3;
    await assign({ to: 'desk', code: 'retention' });
    expect(customer.assigned_manager_id).toBe(2);
  });

  it.each<[AssignmentTarget, Partial<AssignCustomerInput>, string, string]>([
    [{ to: 'team', teamId: 'x' }, {}, 'team_not_found', 'There is no team "x"; there are: sales, sales-north.'],
    [{ to: 'team', teamId: 'empty' }, {}, 'no_active_agent', 'have no agents: give it some'],
    [
      { to: 'team', teamId: 'others' },
      {},
      'team_not_found',
      'There is no team "others"; there are: sales, sales-north.',
    ],
    [{ to: 'team', teamId: 'resting' }, {}, 'no_active_agent', 'work for brand "acme" are not enabled (5)'],
    [{ to: 'agent', managerId: 3 }, {}, 'agent_not_found', 'work for brand "acme"; there are: 1 (Ada), 2 (Bo).'],
    [{ to: 'agent', managerId: 2 }, { tenant: null }, 'agent_not_found', 'for every brand; there are: 1 (Ada).'],
    [{ to: 'desk', code: 'vip' }, { tenant: 'other' }, 'agent_not_found', 'Manager 2 of desk "vip" is unknown'],
    [{ to: 'desk', code: 'lost' }, {}, 'team_not_found', 'There is no team "gone" of desk "lost"'],
    [{ to: 'another', teamId: null }, {}, 'team_not_found', 'name one in params.team_id'],
    [{ to: 'team', teamId: 'sales' }, { customerId: null }, 'customer_not_linked', 'Account 1001 is linked to no'],
    [{ to: 'team', teamId: 'sales' }, { customerId: 'c-2' }, 'customer_not_found', 'There is no customer "c-2"'],
  ])('R-079 fails for good, and says what to mend: %j %j', async (target, more, code, message) => {
    const failed = setUp().assign(target, more);
    await expect(failed).rejects.toMatchObject({ code, retryable: false, message: expect.stringContaining(message) });
  });
});
