/** The operation completeAction of incoming webhooks: an answer like any other, which the run takes or refuses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeActionId } from '#libs/domain/hooks/global-id.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { ask, HookWorld, processRule, refused } from '../../support/hook-world.ts';

let world: HookWorld;
beforeAll(async () => {
  const two = { required: 2, approvers: { users: ['jane', 'bob'] } };
  world = await HookWorld.create({
    pay: processRule({ name: 'PAY' }),
    'pay-test': processRule({ name: 'PAY', state: 'test' }),
    steps: processRule({ name: 'STEPS' }, { actions: [ask({ title: 'First?' }), ask({ title: 'Second?' })] }),
    two: processRule({ name: 'TWO' }, { actions: [ask(two)] }),
    own: processRule({ name: 'OWN' }, { actions: [ask({ approvers: { users: ['bob', 'jane'] } })] }),
    anyone: processRule(
      { name: 'ANYONE' },
      { actions: [ask({ approvers: { users: ['jane'] }, forbid_initiator: false })] },
    ),
    large: processRule({
      name: 'LARGE',
      data: [
        { name: 'A', type: 'TEXT' },
        { name: 'B', type: 'TEXT' },
      ],
    }),
    reads: processRule(
      { name: 'READS' },
      {
        actions: [ask(), { type: 'notify.manager', params: { title: 'pays {{ data.AMOUNT }} to {{ data.COMPANY }}' } }],
      },
    ),
  });
});
afterAll(() => world?.close());

const complete = (username: string, input: object, api = world.api) => world.as(username, 'completeAction', input, api);

describe('completeAction', () => {
  it('R-249 R-216 completes by the numbers of request and action, and the run goes on', async () => {
    const { number } = await world.waiting('PAY');
    const answer = await complete('jane', { requestNumber: number, number: 1, clientMutationId: 'c' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      clientMutationId: 'c',
      actionId: Buffer.from(`Action:${number}---1`).toString('base64'),
      requestNumber: number,
      number: 1,
      onBehalfOf: null,
      onBehalfOfUserName: null,
    });
    const run = await world.ended(number);
    expect(run.status).toBe('completed');
    const asked = await world.approval(run, ({ state }) => state === 'approved');
    expect(asked.answers).toMatchObject([{ by: 'jane', decision: 'approve' }]);
  });

  it('takes no answer whose parameters the request has no room for', async () => {
    const { number } = await world.waiting('LARGE');
    const text = 'x'.repeat(100_000);
    const first = await world.as('operator', 'updateRequestDataset', {
      number,
      parameters: [{ name: 'A', textValue: text }],
    });
    expect(first.status).toBe(200);
    const action = { requestNumber: number, number: 1 };
    const refusal = await complete('jane', { ...action, parameters: [{ name: 'B', textValue: text }] });
    expect(refusal).toMatchObject(refused(422, 'invalid_parameter'));
    expect((await complete('jane', action)).status).toBe(200);
    expect((await world.ended(number)).status).toBe('completed');
  });

  it('R-250 completes by the id of the action, alone or beside numbers that agree', async () => {
    const { number } = await world.waiting('STEPS');
    const id = (action: number) => encodeActionId({ requestNumber: number, number: action });
    for (const wrong of [
      { id: id(1), number: 2 },
      { id: id(1), requestNumber: number + 1 },
      { requestNumber: number },
      { number: 1 },
      {},
      { id: Buffer.from(`Request:${number}`).toString('base64') },
      { id: Buffer.from(`Action:${number}`).toString('base64') },
      { id: 'no base64!' },
      { id: 7 },
      { requestNumber: String(number), number: 1 },
      { requestNumber: number, number: 1.5 },
      { requestNumber: number, number: 0 },
    ]) {
      expect(await complete('jane', wrong)).toMatchObject(refused(400, 'invalid_input'));
    }
    expect(await complete('jane', { id: id(1) })).toMatchObject({ status: 200 });
    const run = await world.run(number);
    await world.approval(run, ({ action, state }) => action === 1 && state === 'open');
    expect(await complete('jane', { id: id(2), requestNumber: number, number: 2 })).toMatchObject({ status: 200 });
    expect(await world.ended(number)).toMatchObject({ status: 'completed' });
  });

  it('R-252 finds the one open action of an activityName, and holds isTest against the request', async () => {
    const { number } = await world.waiting('STEPS');
    const named = (activityName: string, more: object = {}) =>
      complete('jane', { requestNumber: number, activityName, ...more });
    expect(await named('Second?')).toMatchObject(refused(404, 'not_found'));
    expect(await named('Second?', { number: 1 })).toMatchObject(refused(400, 'invalid_input'));
    expect(await named('First?', { isTest: true })).toMatchObject(refused(400, 'invalid_input'));
    expect(await named('First?', { isTest: false })).toMatchObject({ status: 200, body: { number: 1 } });
    const test = await world.waiting('PAY', { isTest: true });
    const of = { requestNumber: test.number, number: 1 };
    expect(await complete('jane', { ...of, isTest: false })).toMatchObject(refused(400, 'invalid_input'));
    expect(await complete('jane', { ...of, isTest: true, activityName: 'Pay out?' })).toMatchObject({ status: 200 });
  });

  it('R-251 sets the parameters that come along before the run goes on', async () => {
    const { number, run_id } = await world.waiting('READS', { parameters: [{ name: 'COMPANY', textValue: 'A' }] });
    const parameters = [{ name: 'AMOUNT', numericValue: 12.5 }];
    expect(await complete('jane', { requestNumber: number, number: 1, parameters })).toMatchObject({ status: 200 });
    await world.ended(number);
    expect(await createRunData(world.runs.store).changes(run_id)).toEqual({ AMOUNT: 12.5 });
    const told = await world.runs.store.collection('notifications').find().toArray();
    expect(JSON.stringify(told)).toContain('pays 12.5 to A');
  });

  it('stores no parameters where they or the answer are refused', async () => {
    const { number, run_id } = await world.waiting('PAY');
    const of = { requestNumber: number, number: 1 };
    const wrong = [{ name: 'NONE', textValue: 'x' }];
    expect(await complete('jane', { ...of, parameters: wrong })).toMatchObject(refused(422, 'invalid_parameter'));
    const right = [{ name: 'COMPANY', textValue: 'x' }];
    expect(await complete('watcher', { ...of, parameters: right })).toMatchObject(refused(403, 'security_error'));
    expect(await createRunData(world.runs.store).changes(run_id)).toEqual({});
  });

  it('is refused for whoever is not asked, and not there for whoever may not know of the request', async () => {
    const run = await world.waiting('PAY');
    const { number } = run;
    const of = { requestNumber: number, number: 1 };
    expect(await complete('watcher', of)).toMatchObject(refused(403, 'security_error'));
    expect(await complete('root', of)).toMatchObject(refused(403, 'security_error'));
    // Of another brand, and of none of its people.
    for (const username of ['elsewhere', 'bob']) {
      const answer = await complete(username, of);
      expect(answer).toMatchObject(refused(404, 'not_found'));
      const none = await complete(username, { ...of, requestNumber: 999_999 });
      expect(none.body.error!.message.replace('999999', String(number))).toBe(answer.body.error!.message);
    }
    expect(await complete('jane', { ...of, number: 2 })).toMatchObject(refused(404, 'not_found'));
    expect(await complete('jane', of)).toMatchObject({ status: 200 });
    await world.approval(run, ({ state }) => state === 'approved');
    expect(await complete('jane', of)).toMatchObject(refused(409, 'conflict'));
  });

  it('is refused for whoever set the request off, also through another user', async () => {
    const bobs = await world.waiting('OWN', {}, 'bob');
    const of = { requestNumber: bobs.number, number: 1 };
    expect(await complete('bob', of)).toMatchObject(refused(403, 'security_error'));
    // Bob himself is the delegator, asked for by an administrator.
    expect(await complete('root', { ...of, onBehalfOfUserName: 'bob' })).toMatchObject(refused(403, 'security_error'));
    expect(await complete('root', { ...of, onBehalfOfUserName: 'jane' })).toMatchObject({ status: 200 });

    // The gateway had Bob start it, or started it itself: it may not complete it on behalf of Jane.
    for (const input of [{ onBehalfOfUserName: 'bob' }, {}]) {
      const { number } = await world.waiting('OWN', input, 'root');
      const its = { requestNumber: number, number: 1, onBehalfOfUserName: 'jane' };
      expect(await complete('root', its)).toMatchObject(refused(403, 'security_error'));
      expect(await complete('gateway', its)).toMatchObject({ status: 200 });
    }
  });

  it('may be done by whoever set it off where the rule allows it', async () => {
    const { number } = await world.waiting('ANYONE', { onBehalfOfUserName: 'jane' }, 'gateway');
    const of = { requestNumber: number, number: 1, onBehalfOfUserName: 'jane' };
    expect(await complete('gateway', of)).toMatchObject({ status: 200 });
  });

  it('R-253 R-221 completes on behalf of another, who has answered then', async () => {
    const run = await world.waiting('PAY');
    const of = { requestNumber: run.number, number: 1 };
    expect(await complete('gateway', of)).toMatchObject(refused(404, 'not_found'));
    const answer = await complete('gateway', { ...of, onBehalfOfUserName: 'jane' });
    expect(answer).toMatchObject({
      status: 200,
      body: { onBehalfOf: Buffer.from('User:7').toString('base64'), onBehalfOfUserName: 'jane' },
    });
    const asked = await world.approval(run, ({ state }) => state === 'approved');
    expect(asked.answers).toMatchObject([{ by: 'jane' }]);
  });

  it('waits for as many as the rule asks', async () => {
    const run = await world.waiting('TWO');
    const of = { requestNumber: run.number, number: 1 };
    expect(await complete('jane', of)).toMatchObject({ status: 200 });
    expect(await complete('jane', of)).toMatchObject({ status: 200 });
    expect(await world.run(run.number)).toMatchObject({ finished_at: null });
    expect(await complete('bob', of)).toMatchObject({ status: 200 });
    expect(await world.ended(run.number)).toMatchObject({ status: 'completed' });
  });
});

describe('two at once', () => {
  it('of the API of approvals and a webhook: one wins', async () => {
    for (let round = 0; round < 4; round += 1) {
      const run = await world.waiting('PAY');
      const { token } = await world.approval(run, ({ state }) => state === 'open');
      const [rejected, completed] = await Promise.all([
        world.api.as(
          'SESSION_DEALER',
          `/api/workflow/approvals/${token}`,
          { method: 'POST', body: { decision: 'reject' } },
          { sub: 'carol' },
        ),
        complete('jane', { requestNumber: run.number, number: 1 }),
      ]);
      const statuses = [rejected.status, completed.status];
      expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 409]);
      const { answers } = await world.approval(run, ({ state }) => state !== 'open');
      expect(answers).toMatchObject([{ by: statuses[0] === 200 ? 'carol' : 'jane' }]);
    }
  });

  it('that are the same, in two processes of the API: one answer, and its data once', async () => {
    const other = await world.anotherApi();
    try {
      const run = await world.waiting('PAY');
      const input = {
        requestNumber: run.number,
        number: 1,
        parameters: [{ name: 'AMOUNT', numericValue: 5 }],
      };
      const answers = await Promise.all([complete('jane', input), complete('jane', input, other)]);
      for (const { status } of answers) expect([200, 409]).toContain(status);
      expect(answers.some(({ status }) => status === 200)).toBe(true);
      const asked = await world.approval(run, ({ state }) => state === 'approved');
      expect(asked.answers).toHaveLength(1);
      expect(await createRunData(world.runs.store).changes(run.run_id)).toEqual({ AMOUNT: 5 });
    } finally {
      await other.close();
    }
  });

  it('with different data: what is stored is what was answered with 200', async () => {
    const run = await world.waiting('PAY');
    const amounts = [1, 2, 3];
    const answers = await Promise.all(
      amounts.map((numericValue) =>
        complete('jane', { requestNumber: run.number, number: 1, parameters: [{ name: 'AMOUNT', numericValue }] }),
      ),
    );
    const won = amounts.filter((_, index) => answers[index]!.status === 200);
    expect(won).toHaveLength(1);
    expect(await createRunData(world.runs.store).changes(run.run_id)).toEqual({ AMOUNT: won[0] });
  });
});
