/** The operation cancelAction of incoming webhooks: a waiting action is left along its exception path. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeActionId } from '#libs/domain/hooks/global-id.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { ask, groups, HookWorld, processRule, refused, users } from '../../support/hook-world.ts';

let world: HookWorld;
beforeAll(async () => {
  const notify = { type: 'notify.manager', params: { title: 'Cancelled' } };
  const none = { on_exception: undefined };
  world = await HookWorld.create({
    pay: processRule({ name: 'PAY' }, { actions: [ask(), notify] }),
    fails: processRule({ name: 'FAILS' }, { actions: [ask({ ...none, on_cancel: 'stop', on_error: 'fail' })] }),
    'cancel-only': processRule({ name: 'CANCEL_ONLY' }, { actions: [ask({ ...none, on_cancel: 'continue' })] }),
    none: processRule({ name: 'NO_PATH' }, { actions: [ask(none)] }),
    steps: processRule({ name: 'STEPS' }, { actions: [notify, ask(), ask()] }),
    other: processRule({ name: 'OTHER_FOLDER', folder: 'contracts' }),
  });
});
afterAll(() => world?.close());

const cancel = (username: string, input: object) => world.as(username, 'cancelAction', input);
const of = (number: number, more: object = {}) => ({ requestNumber: number, number: 1, type: 'CANCEL', ...more });

describe('cancelAction', () => {
  it('R-255 R-260 cancels by numbers, as an administrator, and the run goes on along the exception path', async () => {
    const run = await world.waiting('PAY');
    const answer = await cancel('root', of(run.number, { clientMutationId: 'c' }));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      clientMutationId: 'c',
      actionId: encodeActionId({ requestNumber: run.number, number: 1 }),
      requestNumber: run.number,
      number: 1,
      onBehalfOf: null,
      onBehalfOfUserName: null,
    });
    const ended = await world.ended(run.number);
    expect(ended.status).toBe('completed');
    expect(ended.actions.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(await world.approval(run, ({ state }) => state === 'cancelled')).toMatchObject({
      exception: { type: 'CANCEL', by: 'root', message: null, source: null },
    });
  });

  it('R-256 cancels by id', async () => {
    const { number } = await world.waiting('PAY');
    const id = encodeActionId({ requestNumber: number, number: 1 });
    expect(await cancel('root', { id, number: 2, type: 'CANCEL' })).toMatchObject(refused(400, 'invalid_input'));
    expect(await cancel('root', { type: 'CANCEL' })).toMatchObject(refused(400, 'invalid_input'));
    expect(await cancel('root', { id, type: 'CANCEL' })).toMatchObject({ status: 200 });
  });

  it('R-265 R-266 is of type CANCEL or ERROR, with a message and a source', async () => {
    const run = await world.waiting('FAILS');
    expect(await cancel('root', of(run.number, { type: 'error' }))).toMatchObject(refused(400, 'invalid_input'));
    expect(await cancel('root', of(run.number, { exception: 'x' }))).toMatchObject(refused(400, 'invalid_input'));
    expect(await cancel('root', of(run.number, { exception: { code: 1 } }))).toMatchObject(
      refused(400, 'invalid_input'),
    );
    const exception = { message: 'Bank rejected the transfer', source: 'payment-gateway' };
    expect(await cancel('root', of(run.number, { type: 'ERROR', exception }))).toMatchObject({ status: 200 });
    expect(await world.ended(run.number)).toMatchObject({ status: 'failed' });
    const asked = await world.approval(run, ({ state }) => state === 'cancelled');
    expect(asked.exception).toMatchObject({ type: 'ERROR', ...exception });

    const other = await world.waiting('FAILS');
    expect(await cancel('root', of(other.number, { type: null }))).toMatchObject({ status: 200 });
    expect(await world.ended(other.number)).toMatchObject({ status: 'completed', reason: 'action_cancelled' });
  });

  it('R-259 needs an exception path of the type', async () => {
    const none = await world.waiting('NO_PATH');
    for (const type of ['CANCEL', 'ERROR']) {
      expect(await cancel('root', of(none.number, { type }))).toMatchObject(refused(409, 'conflict'));
    }
    const one = await world.waiting('CANCEL_ONLY');
    expect(await cancel('root', of(one.number, { type: 'ERROR' }))).toMatchObject(refused(409, 'conflict'));
    expect(await cancel('root', of(one.number))).toMatchObject({ status: 200 });
  });

  it('R-258 needs an open action', async () => {
    const run = await world.waiting('STEPS');
    for (const number of [1, 3]) {
      expect(await cancel('root', of(run.number, { number }))).toMatchObject(refused(409, 'conflict'));
    }
    expect(await cancel('root', of(run.number, { number: 4 }))).toMatchObject(refused(404, 'not_found'));
    await world.as('jane', 'completeAction', { requestNumber: run.number, number: 2 });
    await world.approval(run, ({ action, state }) => action === 2 && state === 'open');
    expect(await cancel('root', of(run.number, { number: 2 }))).toMatchObject(refused(409, 'conflict'));
    expect(await cancel('root', of(run.number, { number: 3 }))).toMatchObject({ status: 200 });
  });

  it.each([
    ['R-261 is allowed for a manager of the folder', 'manager'],
    ['R-262 is allowed for a supervisor with cancellation rights', 'supervisor'],
    ['R-263 is allowed for whom the action asks', 'jane'],
  ])('%s', async (_, username) => {
    const run = await world.waiting('PAY');
    expect(await cancel(username, of(run.number))).toMatchObject({ status: 200 });
    const asked = await world.approval(run, ({ state }) => state === 'cancelled');
    expect(asked.exception?.by).toBe(username);
  });

  it('R-264 R-267 is refused for everybody else, also with system access', async () => {
    const { number } = await world.waiting('PAY');
    for (const username of ['operator', 'watcher']) {
      expect(await cancel(username, of(number))).toMatchObject(refused(403, 'security_error'));
    }
    const elsewhere = await world.waiting('OTHER_FOLDER');
    expect(await cancel('manager', of(elsewhere.number))).toMatchObject(refused(403, 'security_error'));
  });

  it('R-210 R-211 R-267 is refused without system access, as the directory says at that time', async () => {
    const { number } = await world.waiting('PAY');
    expect(await cancel('admin', of(number))).toMatchObject(refused(403, 'security_error'));
    const directory = createDirectory(world.runs.store);
    const systems = groups.find(({ code }) => code === 'systems')!;
    await directory.load({ user_groups: [{ ...systems, users: [...systems.users, 'admin'] }] });
    expect(await cancel('admin', of(number))).toMatchObject({ status: 200 });
    await directory.load({ user_groups: [systems] });
    const other = await world.waiting('PAY');
    expect(await cancel('admin', of(other.number))).toMatchObject(refused(403, 'security_error'));
  });

  it('is not there for whoever may not know of the request', async () => {
    const { number } = await world.waiting('PAY');
    for (const username of ['elsewhere', 'bob']) {
      expect(await cancel(username, of(number))).toMatchObject(refused(404, 'not_found'));
    }
    expect(await cancel('root', of(999_999))).toMatchObject(refused(404, 'not_found'));
  });

  it('R-257 needs access of viewer and delegator both', async () => {
    const { number } = await world.waiting('PAY');
    // Bob is asked by nobody: the viewer could, and he may not know of it.
    expect(await cancel('root', of(number, { onBehalfOfUserName: 'bob' }))).toMatchObject(
      refused(403, 'security_error'),
    );
    // The gateway knows nothing of it, though Jane does.
    expect(await cancel('gateway', of(number, { onBehalfOfUserName: 'jane' }))).toMatchObject(
      refused(404, 'not_found'),
    );
    // The rights are those of the viewer.
    expect(await cancel('system-7', of(number, { onBehalfOfUserName: 'jane' }))).toMatchObject(
      refused(403, 'security_error'),
    );
    const answer = await cancel('root', of(number, { onBehalfOfUserName: 'jane' }));
    expect(answer).toMatchObject({ status: 200, body: { onBehalfOfUserName: 'jane' } });
  });

  it('stops with the user in whose name it is done', async () => {
    const { number } = await world.waiting('PAY');
    const directory = createDirectory(world.runs.store);
    const jane = users.find(({ username }) => username === 'jane')!;
    await directory.load({ users: [{ ...jane, enabled: false }] });
    expect(await cancel('jane', of(number))).toMatchObject(refused(403, 'security_error'));
    expect(await cancel('root', of(number, { onBehalfOfUserName: 'jane' }))).toMatchObject(
      refused(403, 'security_error'),
    );
    await directory.load({ users: [jane] });
    expect(await cancel('jane', of(number))).toMatchObject({ status: 200 });
  });
});
