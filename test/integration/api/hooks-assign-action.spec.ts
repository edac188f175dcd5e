/** The operations assignAction and cancelActionAssignment of incoming webhooks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeActionId, encodeId } from '#libs/domain/hooks/global-id.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { HookWorld, processRule, refused } from '../../support/hook-world.ts';

let world: HookWorld;
beforeAll(async () => {
  world = await HookWorld.create({ pay: processRule({ name: 'PAY' }) });
});
afterAll(() => world?.close());

const assign = (username: string, input: object) => world.as(username, 'assignAction', input);
const unassign = (username: string, input: object) => world.as(username, 'cancelActionAssignment', input);
const of = ({ number }: { number: number }, more: object = {}) => ({ requestNumber: number, number: 1, ...more });
const asked = async (run: RunRecord, names: string[]) =>
  world.approval(run, ({ approvers }) => JSON.stringify(approvers.users) === JSON.stringify(names));

describe('assignAction', () => {
  it('R-268 R-270 says by numbers and username who answers', async () => {
    const run = await world.waiting('PAY');
    const answer = await assign('admin', of(run, { assigneeUserName: 'bob', clientMutationId: 'c' }));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      clientMutationId: 'c',
      actionId: encodeActionId({ requestNumber: run.number, number: 1 }),
      requestNumber: run.number,
      number: 1,
      onBehalfOf: null,
      onBehalfOfUserName: null,
    });
    expect((await asked(run, ['bob'])).approvers).toEqual({ users: ['bob'], roles: [] });
    expect(await world.as('jane', 'completeAction', of(run))).toMatchObject(refused(403, 'security_error'));
    expect(await world.as('bob', 'completeAction', of(run))).toMatchObject({ status: 200 });
    expect(await world.ended(run.number)).toMatchObject({ status: 'completed' });
  });

  it('R-269 R-271 R-213 says so by the ids of action and user', async () => {
    const run = await world.waiting('PAY');
    const id = encodeActionId({ requestNumber: run.number, number: 1 });
    const bob = Buffer.from('User:8').toString('base64');
    expect(await assign('admin', { id, assigneeId: bob })).toMatchObject({ status: 200 });
    await asked(run, ['bob']);
    expect(await assign('admin', { id, assigneeId: bob, assigneeUserName: 'bob' })).toMatchObject({ status: 200 });
  });

  it('R-272 needs an assignee, one who is there and could answer', async () => {
    const run = await world.waiting('PAY', {}, 'bob');
    expect(await assign('admin', of(run))).toMatchObject(refused(400, 'invalid_input'));
    expect(await assign('admin', of(run, { assigneeUserName: null }))).toMatchObject(refused(400, 'invalid_input'));
    for (const [assignee, status, code] of [
      [{ assigneeId: encodeId('User', 8), assigneeUserName: 'jane' }, 400, 'invalid_input'],
      [{ assigneeId: encodeId('Request', 8) }, 400, 'invalid_input'],
      [{ assigneeUserName: 8 }, 400, 'invalid_input'],
      [{ assigneeUserName: 'none' }, 404, 'not_found'],
      [{ assigneeId: encodeId('User', 999) }, 404, 'not_found'],
      [{ assigneeUserName: 'gone' }, 409, 'conflict'],
      [{ assigneeUserName: 'elsewhere' }, 409, 'conflict'],
      // Bob has set it off.
      [{ assigneeUserName: 'bob' }, 409, 'conflict'],
    ] as const) {
      expect([assignee, await assign('admin', of(run, assignee))]).toMatchObject([assignee, refused(status, code)]);
    }
  });

  it('is for administrators, managers of the folder and supervisors with cancellation rights', async () => {
    const run = await world.waiting('PAY');
    for (const username of ['admin', 'manager', 'supervisor']) {
      expect(await assign(username, of(run, { assigneeUserName: 'bob' }))).toMatchObject({ status: 200 });
    }
    for (const username of ['watcher', 'operator', 'jane', 'nobody']) {
      const answer = await assign(username, of(run, { assigneeUserName: 'jane' }));
      expect([username, answer]).toMatchObject([username, refused(403, 'security_error')]);
    }
    for (const username of ['elsewhere', 'gateway']) {
      expect(await assign(username, of(run, { assigneeUserName: 'jane' }))).toMatchObject(refused(404, 'not_found'));
    }
  });

  it('R-273 is done with the rights of the delegator', async () => {
    const run = await world.waiting('PAY');
    const input = of(run, { assigneeUserName: 'bob' });
    expect(await assign('root', { ...input, onBehalfOfUserName: 'watcher' })).toMatchObject(
      refused(403, 'security_error'),
    );
    expect(await assign('root', { ...input, onBehalfOfUserName: 'supervisor' })).toMatchObject({
      status: 200,
      body: { onBehalfOf: encodeId('User', 4), onBehalfOfUserName: 'supervisor' },
    });
    expect((await asked(run, ['bob'])).reassignments).toMatchObject([{ by: 'supervisor' }]);
  });

  it('is refused for an action that is not open', async () => {
    const run = await world.waiting('PAY');
    await world.as('jane', 'completeAction', of(run));
    await world.approval(run, ({ state }) => state === 'approved');
    expect(await assign('admin', of(run, { assigneeUserName: 'bob' }))).toMatchObject(refused(409, 'conflict'));
    expect(await unassign('admin', of(run))).toMatchObject(refused(409, 'conflict'));
    expect(await assign('admin', of(run, { number: 2, assigneeUserName: 'bob' }))).toMatchObject(
      refused(404, 'not_found'),
    );
  });
});

describe('cancelActionAssignment', () => {
  it('R-274 gives the action back to those whom the rule names, by numbers', async () => {
    const run = await world.waiting('PAY');
    await assign('admin', of(run, { assigneeUserName: 'bob' }));
    await asked(run, ['bob']);
    const answer = await unassign('admin', of(run, { clientMutationId: 'c' }));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      clientMutationId: 'c',
      actionId: encodeActionId({ requestNumber: run.number, number: 1 }),
      requestNumber: run.number,
      number: 1,
    });
    expect((await asked(run, [])).approvers).toEqual({ users: [], roles: ['SESSION_DEALER'] });
    expect(await world.as('jane', 'completeAction', of(run))).toMatchObject({ status: 200 });
  });

  it('R-275 does so by id', async () => {
    const run = await world.waiting('PAY');
    await assign('admin', of(run, { assigneeUserName: 'bob' }));
    await asked(run, ['bob']);
    const id = encodeActionId({ requestNumber: run.number, number: 1 });
    expect(await unassign('supervisor', { id })).toMatchObject({ status: 200 });
    await asked(run, []);
    expect(await unassign('watcher', { id })).toMatchObject(refused(403, 'security_error'));
    expect(await unassign('admin', {})).toMatchObject(refused(400, 'invalid_input'));
  });

  it('R-223 R-225 cannot be done on behalf of another', async () => {
    const run = await world.waiting('PAY');
    for (const more of [
      { onBehalfOf: encodeId('User', 4) },
      { onBehalfOfUserName: 'supervisor' },
      { onBehalfOf: '' },
    ]) {
      expect(await unassign('admin', of(run, more))).toMatchObject(refused(400, 'delegation_not_supported'));
    }
  });
});
