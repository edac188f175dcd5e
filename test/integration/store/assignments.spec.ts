/** Turns of agents in the real store: fair however many workers draw at once, and once for each key. */
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createAgentRotation, rememberedDraws, rotationModel } from '#libs/store/crm/agent-rotation.repository.ts';
import { createAssignmentStore } from '#libs/store/crm/assignment.repository.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { assignCustomerActivity, type AssignCustomerPorts } from '#temporal/activities/crm/assign-customer.activity.ts';
import type { AssignmentTarget } from '#temporal/contract/activities.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let directory: Directory;

beforeAll(async () => {
  store = await openTestStore();
  directory = createDirectory(store.connection);
});
afterAll(() => store.drop());

interface Person {
  id: number;
  enabled?: boolean;
  brands?: string[];
}
let nextManager = 1;
const manager = (more: Omit<Person, 'id'> = {}): Person => ({ id: nextManager++, ...more });

/** @returns id of a new team of these, and of one below it for each further list */
async function team(own: Person[], ...below: Person[][]): Promise<string> {
  const id = uniqueName('team');
  const managers = [own, ...below].flat().map((one) => ({ name: `M${one.id}`, enabled: true, ...one }));
  const idsOf = (people: Person[]): number[] => people.map((one) => one.id);
  const children = below.map((people, index) => ({
    id: `${id}/${index}`,
    name: id,
    parent_id: index === 0 ? id : `${id}/${index - 1}`,
    agent_ids: idsOf(people),
  }));
  await directory.load({ managers, teams: [{ id, name: id, agent_ids: idsOf(own) }, ...children] });
  return id;
}

async function customers(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uniqueName('customer'));
  await directory.load({ customers: ids.map((id) => ({ id })) });
  return ids;
}

const portsOf = (connection: Connection): AssignCustomerPorts => ({
  directory: createDirectory(connection),
  assignments: createAssignmentStore(connection),
  rotation: createAgentRotation(connection),
});

/** One attempt of one action. */
function attempt(ports: AssignCustomerPorts, customerId: string, target: AssignmentTarget, key: string) {
  const rule = { ruleId: 'r', ruleName: 'R' };
  const subject = { key, executionId: key, tenant: 'acme', ...rule, eventId: 'e', customerId, login: null };
  return assignCustomerActivity(ports)({ ...subject, target });
}

const managersOf = async (ids: string[]): Promise<(number | undefined)[]> => {
  const found = await directory.customers(ids);
  return ids.map((id) => found.get(id)?.assigned_manager_id);
};
const counts = (given: (number | undefined)[], people: Person[]): number[] =>
  people.map(({ id }) => given.filter((one) => one === id).length);
const spread = (given: number[]): number => Math.max(...given) - Math.min(...given);

describe('assigning in turns', () => {
  it('R-163 is fair under 20 workers at once, each key attempted by two of them', async () => {
    const people = Array.from({ length: 7 }, () => manager());
    const target: AssignmentTarget = { to: 'team', teamId: await team(people.slice(0, 3), people.slice(3)) };
    const ids = await customers(100);
    const connections = await Promise.all(Array.from({ length: 20 }, () => connectStore(store.uri)));
    const workers = connections.map(portsOf);
    try {
      await Promise.all(
        workers.map(async (ports, worker) => {
          // Each works through its ten customers, of which five are its neighbour's, too.
          for (let n = 0; n < 10; n += 1) {
            const id = ids[(worker * 5 + n) % ids.length]!;
            await attempt(ports, id, target, `${id}/action-0`);
          }
        }),
      );
    } finally {
      await Promise.all(connections.map((connection) => connection.close()));
    }
    const given = await managersOf(ids);
    const perAgent = counts(given, people);
    expect(perAgent.reduce((sum, one) => sum + one, 0)).toBe(ids.length);
    expect(spread(perAgent)).toBeLessThanOrEqual(1);
  });

  it('R-163 is fair when one worker is asked for many at once, some of them twice', async () => {
    const people = [manager(), manager(), manager()];
    const target: AssignmentTarget = { to: 'team', teamId: await team(people) };
    const ids = await customers(100);
    const ports = portsOf(store.connection);
    const asked = [...ids, ...ids.slice(0, 50)];
    const told = await Promise.all(asked.map((id) => attempt(ports, id, target, id)));
    const given = await managersOf(ids);
    expect(spread(counts(given, people))).toBeLessThanOrEqual(1);
    for (const [index, { detail }] of told.entries()) expect(detail).toContain(` ${given[index % ids.length]} (`);
  });

  it('R-163 reaches teams below teams, and passes over who is not enabled or works for other brands', async () => {
    const [first, second, third] = [manager(), manager({ brands: ['acme', 'other'] }), manager()];
    const passedOver = [manager({ enabled: false }), manager({ brands: ['other'] })];
    const teamId = await team([first, passedOver[0]!], [second, passedOver[1]!], [third]);
    const ids = await customers(6);
    const ports = portsOf(store.connection);
    for (const id of ids) await attempt(ports, id, { to: 'team', teamId }, `${id}/action-0`);
    expect(await managersOf(ids)).toEqual([first, second, third, first, second, third].map(({ id }) => id));
    await directory.load({ managers: [{ id: second.id, name: 'x', enabled: false }] });
    const later = await customers(2);
    for (const id of later) await attempt(ports, id, { to: 'team', teamId }, `${id}/action-0`);
    expect(await managersOf(later)).toEqual([first.id, third.id]);
  });

  it('R-163 gives a repeated key the same agent, moves no turn, and undoes nothing that came after', async () => {
    const [first, second] = [manager(), manager()];
    const target: AssignmentTarget = { to: 'team', teamId: await team([first, second]) };
    const [one, other] = (await customers(2)) as [string, string];
    const ports = portsOf(store.connection);
    const told = await attempt(ports, one, target, 'k-1');
    expect(await attempt(ports, one, target, 'k-1')).toEqual(told);
    await attempt(ports, other, target, 'k-2');
    expect(await managersOf([one, other])).toEqual([first.id, second.id]);

    await attempt(ports, one, { to: 'agent', managerId: second.id }, 'k-3');
    await attempt(ports, one, target, 'k-1');
    expect(await managersOf([one])).toEqual([second.id]);
  });

  it('R-163 loses no turn and takes none twice when a worker dies between two writes', async () => {
    const people = [manager(), manager(), manager()];
    const teamId = await team(people);
    const target: AssignmentTarget = { to: 'team', teamId };
    const ids = await customers(2 * rememberedDraws + 3);
    const ports = portsOf(store.connection);
    const dies = () => Promise.reject(new Error('the worker died'));
    const afterDraw = { ...ports, assignments: { ...ports.assignments, add: dies } };
    const afterAssignment = { ...ports, directory: { ...ports.directory, assignCustomer: dies } };
    const [drawn, assigned, ...others] = ids as [string, string, ...string[]];
    await expect(attempt(afterDraw, drawn, target, drawn)).rejects.toThrow('died');
    await expect(attempt(afterAssignment, assigned, target, assigned)).rejects.toThrow('died');
    // So many that what is done is forgotten; what is not, is not.
    for (const id of others) await attempt(ports, id, target, id);
    expect(await managersOf([drawn, assigned])).toEqual([undefined, undefined]);

    await attempt(ports, drawn, target, drawn);
    await attempt(ports, assigned, target, assigned);
    expect(await managersOf([drawn, assigned])).toEqual([people[0]!.id, people[1]!.id]);
    expect(spread(counts(await managersOf(ids), people))).toBeLessThanOrEqual(1);
    const rotation = await rotationModel(store.connection).findOne({ team_id: teamId }).lean();
    expect(rotation?.drawn.length).toBeLessThanOrEqual(rememberedDraws);
    // A draw that was forgotten is known by its assignment.
    const again = await ports.rotation.draw(teamId, [people[0]!.id], null, others[0]!);
    expect(again).toBe((await managersOf([others[0]!]))[0]);
  });

  it('R-165 gives a customer another agent where there is one', async () => {
    const [first, second] = [manager(), manager()];
    const teamId = await team([first, second]);
    const [id] = (await customers(1)) as [string];
    const ports = portsOf(store.connection);
    const given = [];
    await attempt(ports, id, { to: 'agent', managerId: first.id }, 'r-0');
    for (const key of ['r-1', 'r-2', 'r-3']) {
      await attempt(ports, id, { to: 'another', teamId: key === 'r-1' ? teamId : null }, key);
      given.push(...(await managersOf([id])));
    }
    expect(given).toEqual([second.id, first.id, second.id]);
    await directory.load({ managers: [{ id: first.id, name: 'x', enabled: false }] });
    const alone = await attempt(ports, id, { to: 'another', teamId: null }, 'r-4');
    expect(alone).toMatchObject({ detail: expect.stringContaining('stays with'), emits: [] });
  });
});

describe('desks', () => {
  it("R-166 of the run's brand come before one of no brand, and whoever names none is told what there is", async () => {
    const code = uniqueName('desk');
    const own = { code, name: 'Own', team_id: 't', brand: 'acme' };
    const common = { code, name: 'Common', manager_id: 7 };
    await directory.load({ desks: [own, common] });
    expect(await directory.desk(code, 'acme')).toEqual(own);
    expect(await directory.desk(code, 'other')).toEqual(common);
    expect(await directory.desk(code, null)).toEqual(common);
    expect(await directory.listAll('desks')).toEqual(expect.arrayContaining([own, common]));
    await expect(directory.desk('nobody', 'acme')).rejects.toMatchObject({
      code: 'desk_not_found',
      retryable: false,
      message: expect.stringMatching(`There is no desk "nobody" for brand "acme"; there are: .*${code}`),
    });
  });
});

describe('a team below itself', () => {
  it('R-163 is refused together with all else that is loaded, also when the store holds half of the cycle', async () => {
    const [top, middle, low] = [uniqueName('top'), uniqueName('middle'), uniqueName('low')];
    const teams = [
      { id: middle, name: 'm', parent_id: top },
      { id: low, name: 'l', parent_id: middle },
    ];
    await directory.load({ teams });
    const closing = { teams: [{ id: top, name: 't', parent_id: low }], groups: [{ name: top, brand: null }] };
    await expect(directory.load(closing)).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ path: 'teams', code: 'team_cycle', message: expect.stringContaining(`${low} is below ${middle}`) }],
    });
    expect((await directory.groups([top])).size).toBe(0);
    // Once mended it may be loaded.
    await directory.load({ teams: [...closing.teams, { id: middle, name: 'm' }] });
  });
});
