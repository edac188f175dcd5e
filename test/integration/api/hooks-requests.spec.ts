/** The operations updateRequestDataset and cancelRequest of incoming webhooks. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { ask, groups, HookWorld, processRule, refused, until } from '../../support/hook-world.ts';
import { runRecord } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';

let world: HookWorld;
beforeAll(async () => {
  world = await HookWorld.create({
    pay: processRule({ name: 'PAY' }),
    quick: processRule({ name: 'QUICK' }, { actions: [{ type: 'notify.manager', params: { title: 'Hello' } }] }),
    managers: processRule({ name: 'MANAGERS' }, { actions: [ask({ approvers: { users: ['1'] } })] }),
  });
});
afterAll(() => world?.close());

const amount = (numericValue: number) => [{ name: 'AMOUNT', numericValue }];
const changes = (runId: string) => createRunData(world.runs.store).changes(runId);

describe('updateRequestDataset', () => {
  const update = (username: string, input: object) => world.as(username, 'updateRequestDataset', input);

  it('R-242 R-243 sets data of a request by its number, and leaves the rest', async () => {
    const { number, run_id } = await world.waiting('PAY');
    const first = await update('operator', { number, parameters: amount(300), clientMutationId: 'c' });
    expect(first.status).toBe(200);
    expect(first.body).toEqual({ clientMutationId: 'c', requestId: encodeId('Request', number), number });
    const parameters = [{ name: 'COMPANY', textValue: 'New name' }];
    expect(await update('operator', { number, parameters })).toMatchObject({ status: 200 });
    expect(await changes(run_id)).toEqual({ AMOUNT: 300, COMPANY: 'New name' });
  });

  it('R-244 finds the request by its id, alone or beside a number that agrees', async () => {
    const { number, run_id } = await world.waiting('PAY');
    const id = encodeId('Request', number);
    expect(await update('operator', { id, number, parameters: amount(1) })).toMatchObject({ status: 200 });
    expect(await changes(run_id)).toEqual({ AMOUNT: 1 });
    for (const wrong of [
      { id, number: number + 1 },
      {},
      { id: encodeId('User', number) },
      { id: encodeId('Process', number) },
      { id: id.slice(0, -3) },
      { id: `${id} ` },
      { id: 'Request:1' },
      { id: Buffer.from('Request:-1').toString('base64') },
      { id: Buffer.from('Request:1e3').toString('base64') },
      { number: '1' },
      { number: true },
    ]) {
      expect(await update('operator', { ...wrong, parameters: amount(2) })).toMatchObject(
        refused(400, 'invalid_input'),
      );
    }
  });

  it('R-209 R-211 needs system access, as the directory says at that time', async () => {
    const { number } = await world.waiting('PAY');
    const input = { number, parameters: amount(3) };
    expect(await update('admin', input)).toMatchObject(refused(403, 'security_error'));
    const directory = createDirectory(world.runs.store);
    const systems = groups.find(({ code }) => code === 'systems')!;
    await directory.load({ user_groups: [{ ...systems, users: [...systems.users, 'admin'] }] });
    expect(await update('admin', input)).toMatchObject({ status: 200 });
    await directory.load({ user_groups: [systems] });
    expect(await update('admin', input)).toMatchObject(refused(403, 'security_error'));
  });

  it('knows no request that the user may not know of', async () => {
    const { number } = await world.waiting('PAY');
    expect(await update('elsewhere', { number })).toMatchObject(refused(404, 'not_found'));
    expect(await update('bob', { number })).toMatchObject(refused(404, 'not_found'));
    expect(await update('operator', { number: 999_999 })).toMatchObject(refused(404, 'not_found'));
  });

  it('R-224 R-225 cannot be done on behalf of another', async () => {
    const { number } = await world.waiting('PAY');
    for (const more of [{ onBehalfOf: encodeId('User', 7) }, { onBehalfOfUserName: 'jane' }, { onBehalfOf: 7 }]) {
      expect(await update('operator', { number, ...more })).toMatchObject(
        refused(400, 'delegation_not_supported', { operation: 'updateRequestDataset' }),
      );
    }
    expect(await update('operator', { number, onBehalfOf: null })).toMatchObject({ status: 200 });
  });

  it('is refused for a request that has ended, and for a run that an event has started', async () => {
    const { number } = await world.request('QUICK');
    await world.ended(number);
    expect(await update('operator', { number, parameters: amount(1) })).toMatchObject(refused(409, 'conflict'));
    const run_id = uniqueName('rule:event');
    await createRunLedger(world.runs.store).claim([runRecord({ run_id, brand: 'oak', number: 700_001 })]);
    const answer = await update('operator', { number: 700_001, parameters: amount(1) });
    expect(answer).toMatchObject(refused(409, 'conflict'));
  });

  it('R-236 keeps a file, and none where it is refused', async () => {
    const { number, run_id } = await world.waiting('PAY');
    const fileValue = { name: 'a.txt', contentType: 'text/plain', content: 'SGVsbG8=' };
    const parameters = [{ name: 'CONTRACT', fileValue }];
    expect(await update('operator', { number, parameters })).toMatchObject({ status: 200 });
    const { file_id } = (await changes(run_id))['CONTRACT'] as { file_id: string };
    const stored = (): Promise<string[]> => readdir(world.files, { recursive: true });
    expect((await stored()).some((path) => path.endsWith(file_id.split('/').at(-1)!))).toBe(true);
    const before = (await stored()).length;
    const wrong = { ...fileValue, size: 6 };
    for (const input of [
      { number, parameters: [{ name: 'CONTRACT', fileValue: wrong }] },
      { number, parameters: [...parameters, { name: 'NONE', textValue: 'x' }] },
    ]) {
      expect(await update('operator', input)).toMatchObject(refused(422, 'invalid_parameter'));
    }
    expect(await world.as('watcher', 'completeAction', { requestNumber: number, number: 1, parameters })).toMatchObject(
      refused(403, 'security_error'),
    );
    expect((await stored()).length).toBe(before);
  });
});

describe('cancelRequest', () => {
  const cancel = (username: string, input: object) => world.as(username, 'cancelRequest', input);

  it('R-245 cancels by number', async () => {
    const run = await world.waiting('PAY');
    const { number } = run;
    const answer = await cancel('admin', { number });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      clientMutationId: null,
      requestId: encodeId('Request', number),
      number,
      onBehalfOf: null,
      onBehalfOfUserName: null,
    });
    expect(await world.ended(number)).toMatchObject({ status: 'failed', error: { code: 'Cancelled' } });
    expect(await world.approval(run, ({ state }) => state !== 'open')).toMatchObject({ state: 'cancelled' });
    expect(await cancel('admin', { number })).toMatchObject(refused(409, 'conflict'));
  });

  it('R-246 cancels by id', async () => {
    const { number } = await world.waiting('PAY');
    const id = encodeId('Request', number);
    expect(await cancel('admin', { id, number: number + 1 })).toMatchObject(refused(400, 'invalid_input'));
    expect(await cancel('admin', { id, number })).toMatchObject({ status: 200 });
    expect(await world.ended(number)).toMatchObject({ interventions: [{ what: 'cancel', by: 'admin' }] });
  });

  it('R-247 tells those who are asked if notifyParticipant says so', async () => {
    const notices = async (runId: string): Promise<number> => {
      const all = await world.runs.store.collection('notifications').find().toArray();
      return all.filter((one) => JSON.stringify(one).includes(runId)).length;
    };
    for (const [more, expected] of [
      [{}, 0],
      [{ notifyParticipant: false }, 0],
      [{ notifyParticipant: true }, 1],
    ] as const) {
      const { number, run_id } = await world.waiting('MANAGERS');
      expect(await cancel('admin', { number, ...more })).toMatchObject({ status: 200 });
      await world.ended(number);
      expect([more, await notices(run_id)]).toEqual([more, expected]);
    }
    expect(await cancel('admin', { number: 1, notifyParticipant: 'yes' })).toMatchObject(refused(400, 'invalid_input'));
  });

  it.each(['manager', 'supervisor', 'nobody'])('is allowed for %s', async (username) => {
    const { number } = await world.waiting('PAY');
    expect(await cancel(username, { number })).toMatchObject({ status: 200 });
  });

  it('is refused for whoever only sees the request, and it is not there for others', async () => {
    const { number } = await world.waiting('PAY');
    for (const username of ['watcher', 'operator', 'jane']) {
      expect(await cancel(username, { number })).toMatchObject(refused(403, 'security_error'));
    }
    for (const username of ['elsewhere', 'bob', 'gateway']) {
      expect(await cancel(username, { number })).toMatchObject(refused(404, 'not_found'));
    }
  });

  it('R-248 is done with the rights of the delegator', async () => {
    const { number } = await world.waiting('PAY', { onBehalfOfUserName: 'jane' }, 'gateway');
    expect(await cancel('gateway', { number })).toMatchObject(refused(404, 'not_found'));
    const answer = await cancel('gateway', { number, onBehalfOf: encodeId('User', 7) });
    expect(answer).toMatchObject({
      status: 200,
      body: { onBehalfOf: encodeId('User', 7), onBehalfOfUserName: 'jane' },
    });
    await until(async () => expect(await world.run(number)).toMatchObject({ interventions: [{ by: 'jane' }] }));
  });
});
