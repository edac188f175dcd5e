/** In whose name incoming webhooks act: impersonation and delegation. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { HookWorld, processRule, refused, users, type HookAnswer } from '../../support/hook-world.ts';

let world: HookWorld;
beforeAll(async () => {
  world = await HookWorld.create({ pay: processRule({ name: 'PAY' }) });
});
afterAll(() => world?.close());

const create = (more: object = {}) => ({
  operation: 'createRequest',
  args: { input: { processName: 'PAY', ...more } },
});
const creator = async ({ body }: HookAnswer) => (await world.run(body['number'] as number)).request?.by;
const load = (username: string, more: object) =>
  createDirectory(world.runs.store).load({
    users: users.filter((one) => one.username === username).map((one) => ({ ...one, ...more })),
  });

describe('an application', () => {
  it('R-206 acts in the name of its user, who is looked up each time', async () => {
    const { token } = await world.application({ impersonate_username: 'bob' });
    expect(await creator(await world.post(token, create()))).toBe('bob');
    await load('bob', { enabled: false });
    expect(await world.post(token, create())).toMatchObject(refused(403, 'security_error'));
    await load('bob', { enabled: true, brands: ['elm'] });
    expect(await world.post(token, create())).toMatchObject(refused(404, 'not_found'));
    await load('bob', {});
    expect(await world.post(token, create())).toMatchObject({ status: 200 });
  });

  it('R-207 gets a security error in the answer when its user is not there', async () => {
    const { token } = await world.application({ impersonate_username: 'never-loaded' });
    const answer = await world.post(token, create({ clientMutationId: 'c' }));
    expect(answer).toMatchObject(refused(403, 'security_error', { operation: 'createRequest', clientMutationId: 'c' }));
    expect(answer.body.error?.message).toContain('never-loaded');
  });

  it('R-208 acts as HOOKS_DEFAULT_USERNAME where it has no user of its own, and not at all without that', async () => {
    const { token } = await world.application();
    expect(await world.post(token, create())).toMatchObject(refused(403, 'security_error'));
    const other = await world.anotherApi({ HOOKS_DEFAULT_USERNAME: 'watcher' });
    const unknown = await world.anotherApi({ HOOKS_DEFAULT_USERNAME: 'never-loaded' });
    try {
      expect(await creator(await world.post(token, create(), other))).toBe('watcher');
      const own = await world.application({ impersonate_username: 'bob' });
      expect(await creator(await world.post(own.token, create(), other))).toBe('bob');
      expect(await world.post(token, create(), unknown)).toMatchObject(refused(403, 'security_error'));
    } finally {
      await other.close();
      await unknown.close();
    }
  });
});

describe('the list of users', () => {
  const list = (query = '') => world.api.as('SESSION_ADMIN', `/api/workflow/users${query}`);

  it('R-202 R-213 tells administrators by what number and id each is named', async () => {
    const first = (await list('?limit=7')).body.data as { users: Record<string, unknown>[]; next_cursor: string };
    expect(first.users.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(first.users[6]).toEqual({
      id: Buffer.from('User:7').toString('base64'),
      number: 7,
      username: 'jane',
      name: null,
      enabled: true,
      brands: ['oak'],
      role: 'SESSION_DEALER',
      delegates: ['gateway', 'system-7'],
      groups: [{ code: 'systems', right: 'system_operations' }],
    });
    const rest = (await list(`?cursor=${first.next_cursor}`)).body.data as { users: unknown[]; next_cursor: null };
    expect([rest.users.length, rest.next_cursor]).toEqual([users.length - 7, null]);
    expect((await list('?username=bob')).body.data).toMatchObject({ users: [{ number: 8 }] });
  });
});

describe('delegation', () => {
  const delegated = (username: string, more: object) => world.as(username, 'createRequest', create(more).args.input);

  it('R-219 R-221 is by username, and the answer names the delegator', async () => {
    const answer = await delegated('gateway', { onBehalfOfUserName: 'jane' });
    expect(answer).toMatchObject({
      status: 200,
      body: { onBehalfOf: Buffer.from('User:7').toString('base64'), onBehalfOfUserName: 'jane' },
    });
    expect(await creator(answer)).toBe('jane');
  });

  it('R-220 is by id, alone or beside a username that agrees', async () => {
    for (const more of [{}, { onBehalfOfUserName: 'jane' }]) {
      const answer = await delegated('gateway', { onBehalfOf: encodeId('User', 7), ...more });
      expect(answer).toMatchObject({
        status: 200,
        body: { onBehalfOf: encodeId('User', 7), onBehalfOfUserName: 'jane' },
      });
    }
    for (const [more, status, code] of [
      [{ onBehalfOf: encodeId('User', 7), onBehalfOfUserName: 'bob' }, 400, 'invalid_input'],
      [{ onBehalfOf: encodeId('Process', 7) }, 400, 'invalid_input'],
      [{ onBehalfOf: 7 }, 400, 'invalid_input'],
      [{ onBehalfOfUserName: 7 }, 400, 'invalid_input'],
      [{ onBehalfOfUserName: '' }, 400, 'invalid_input'],
      [{ onBehalfOf: encodeId('User', 999) }, 404, 'not_found'],
      [{ onBehalfOfUserName: 'none' }, 404, 'not_found'],
      [{ onBehalfOf: encodeId('User', 7), onBehalfOfUserName: 'none' }, 404, 'not_found'],
    ] as const) {
      expect([more, await delegated('gateway', more)]).toMatchObject([more, refused(status, code)]);
    }
  });

  it('is for administrators and those whom the user names, while both are enabled', async () => {
    expect(await delegated('bob', { onBehalfOfUserName: 'jane' })).toMatchObject(refused(403, 'security_error'));
    expect(await delegated('gateway', { onBehalfOfUserName: 'bob' })).toMatchObject(refused(403, 'security_error'));
    expect(await delegated('manager', { onBehalfOfUserName: 'bob' })).toMatchObject(refused(403, 'security_error'));
    expect(await delegated('admin', { onBehalfOfUserName: 'bob' })).toMatchObject({ status: 200 });
    expect(await delegated('gateway', { onBehalfOfUserName: 'gone' })).toMatchObject(refused(403, 'security_error'));
    await load('jane', { delegates: [] });
    expect(await delegated('gateway', { onBehalfOfUserName: 'jane' })).toMatchObject(refused(403, 'security_error'));
    await load('jane', {});
  });

  it('leads nobody beyond the brands of either of the two', async () => {
    const { number } = await world.waiting('PAY');
    await load('gateway', { brands: ['elm'] });
    expect(await delegated('gateway', { onBehalfOfUserName: 'jane' })).toMatchObject(refused(404, 'not_found'));
    const input = { requestNumber: number, number: 1, onBehalfOfUserName: 'jane' };
    expect(await world.as('gateway', 'completeAction', input)).toMatchObject(refused(404, 'not_found'));
    await load('gateway', {});
    expect(await world.as('gateway', 'completeAction', input)).toMatchObject({ status: 200 });
  });
});

describe('without Temporal or the store', () => {
  it('is told to send the same again, in the form of other errors', async () => {
    const { number } = await world.waiting('PAY');
    const lonely = await world.anotherApi({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const action = { requestNumber: number, number: 1 };
    try {
      for (const [username, operation, input] of [
        ['jane', 'completeAction', action],
        ['root', 'cancelAction', { ...action, type: 'CANCEL' }],
        ['root', 'assignAction', { ...action, assigneeUserName: 'bob' }],
        ['root', 'cancelActionAssignment', action],
        ['root', 'cancelRequest', { number }],
      ] as const) {
        const answer = await world.as(username, operation, { ...input, clientMutationId: 'c' }, lonely);
        expect(answer).toMatchObject(refused(503, 'unavailable', { operation, clientMutationId: 'c' }));
        expect(answer.headers.get('retry-after')).toBe('1');
        expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1');
      }
      // It is recorded, and starts once Temporal is back.
      expect(await world.post(await world.tokenOf('root'), create(), lonely)).toMatchObject({ status: 200 });
    } finally {
      await lonely.close();
    }
    const storeless = await world.anotherApi({
      MONGODB_URI: 'mongodb://127.0.0.1:1/none?serverSelectionTimeoutMS=500',
    });
    try {
      const answer = await world.post(await world.tokenOf('root'), create(), storeless);
      expect(answer).toMatchObject(refused(503, 'unavailable', { operation: null }));
    } finally {
      await storeless.close();
    }
  });
});
