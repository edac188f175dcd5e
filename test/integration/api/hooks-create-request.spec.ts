/** The operation createRequest of incoming webhooks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import { createProcesses } from '#libs/store/rules/process.repository.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { HookWorld, processRule, refused, type HookAnswer } from '../../support/hook-world.ts';
import { runInputOf } from '../../support/hooks.ts';

let world: HookWorld;
beforeAll(async () => {
  world = await HookWorld.create({
    'simple-1': processRule({ name: 'SIMPLE_REQUEST', version: 1 }),
    'simple-2': processRule({ name: 'SIMPLE_REQUEST', version: 2 }),
    'simple-3': processRule({ name: 'SIMPLE_REQUEST', version: 3 }, { status: 'inactive' }),
    'simple-test': processRule({ name: 'SIMPLE_REQUEST', version: 1, state: 'test' }),
    'twice-1': processRule({ name: 'TWICE' }),
    'twice-2': processRule({ name: 'TWICE' }, { brand: 'elm' }),
    private: processRule({ name: 'PRIVATE', public: false }),
    'of-elm': processRule({ name: 'OF_ELM' }, { brand: 'elm' }),
    picky: processRule(
      { name: 'PICKY', data: [{ name: 'AMOUNT', type: 'NUMERIC', required: true }] },
      { conditions: { match: 'all', rules: [{ field: 'data.AMOUNT', operator: 'gte', value: 100 }] } },
    ),
    quick: processRule({ name: 'QUICK' }, { actions: [{ type: 'notify.manager', params: { title: 'Hello' } }] }),
  });
});
afterAll(() => world?.close());

const create = (input: object, username = 'nobody'): Promise<HookAnswer> => world.as(username, 'createRequest', input);
const processId = async (ruleId: string): Promise<string> => {
  const all = await createProcesses(world.runs.store).list();
  return encodeId('Process', all.find(({ rule }) => rule.id === world.ruleId(ruleId))!.number);
};
const versionOf = async ({ body }: HookAnswer) => (await world.run(body['number'] as number)).request;

describe('createRequest', () => {
  it('R-200 R-201 R-230 R-222 R-215 starts a request, and answers id, number and who acted', async () => {
    const answer = await create({ processName: 'SIMPLE_REQUEST' });
    const number = answer.body['number'] as number;
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      clientMutationId: null,
      requestId: Buffer.from(`Request:${number}`).toString('base64'),
      number,
      onBehalfOf: null,
      onBehalfOfUserName: null,
    });
    expect(await world.run(number)).toMatchObject({
      rule_id: world.ruleId('simple-2'),
      request: { by: 'nobody', is_test: false },
    });
    const { body } = await create({ processName: 'QUICK' });
    expect(await world.ended(body['number'] as number)).toMatchObject({ status: 'completed' });
  });

  it('R-217 R-218 returns a clientMutationId that was sent, and null for one that was not', async () => {
    for (const clientMutationId of ['3f0e3f0c-6f2b-4b52-a9ab-1f7a1f0d8f11', '', 'ünï 🙂 "x"']) {
      const { body } = await create({ processName: 'SIMPLE_REQUEST', clientMutationId });
      expect(body['clientMutationId']).toBe(clientMutationId);
    }
    for (const input of [{}, { clientMutationId: null }]) {
      const { body } = await create({ processName: 'SIMPLE_REQUEST', ...input });
      expect(body['clientMutationId']).toBeNull();
    }
    const one = { processName: 'SIMPLE_REQUEST', clientMutationId: 'the same' };
    expect((await create(one)).body['number']).not.toBe((await create(one)).body['number']);
  });

  it('R-226 needs a processName, or an id instead', async () => {
    expect(await create({})).toMatchObject(refused(400, 'invalid_input', { operation: 'createRequest' }));
    expect(await create({ processName: null })).toMatchObject(refused(400, 'invalid_input'));
    expect(await create({ processName: 'NONE' })).toMatchObject(refused(404, 'not_found'));
    expect(await create({ processName: 'simple_request' })).toMatchObject(refused(404, 'not_found'));
  });

  it('R-227 takes the version that is asked for, else the highest that is active', async () => {
    expect(await versionOf(await create({ processName: 'SIMPLE_REQUEST', processVersion: 1 }))).toMatchObject({
      version: 1,
    });
    expect(await versionOf(await create({ processName: 'SIMPLE_REQUEST' }))).toMatchObject({ version: 2 });
    const inactive = { processName: 'SIMPLE_REQUEST', processVersion: 3 };
    expect(await create(inactive)).toMatchObject(refused(404, 'not_found'));
  });

  it('R-228 R-232 finds a process in test state by isTest, also called inTest', async () => {
    for (const input of [{ isTest: true }, { inTest: true }, { isTest: true, inTest: true }]) {
      const answer = await create({ processName: 'SIMPLE_REQUEST', ...input });
      expect(await versionOf(answer)).toMatchObject({ version: 1, is_test: true });
    }
    expect(await create({ processName: 'QUICK', isTest: true })).toMatchObject(refused(404, 'not_found'));
    expect(await create({ processName: 'SIMPLE_REQUEST', isTest: true, inTest: false })).toMatchObject(
      refused(400, 'invalid_input'),
    );
  });

  it('R-229 R-214 R-232 takes the id of a process, alone or beside a name and version that agree', async () => {
    const id = await processId('simple-1');
    for (const more of [{}, { processName: 'SIMPLE_REQUEST' }, { processVersion: 1 }]) {
      expect(await versionOf(await create({ processId: id, ...more }))).toMatchObject({ version: 1 });
    }
    for (const more of [{ processName: 'QUICK' }, { processVersion: 2 }]) {
      expect(await create({ processId: id, ...more })).toMatchObject(refused(400, 'invalid_input'));
    }
    expect(await create({ processId: encodeId('Process', 999_999) })).toMatchObject(refused(404, 'not_found'));
    expect(await create({ processId: await processId('simple-test') })).toMatchObject(refused(404, 'not_found'));
  });

  it('R-212 refuses a process that is not public', async () => {
    expect(await create({ processName: 'PRIVATE' })).toMatchObject(refused(403, 'security_error'));
    expect(await create({ processName: 'PRIVATE' }, 'root')).toMatchObject(refused(403, 'security_error'));
  });

  it('knows no process of a brand that the user does not work for', async () => {
    expect(await create({ processName: 'OF_ELM' }, 'jane')).toMatchObject(refused(404, 'not_found'));
    expect(await create({ processId: await processId('of-elm') }, 'jane')).toMatchObject(refused(404, 'not_found'));
    expect(await create({ processId: await processId('of-elm'), processName: 'X' }, 'jane')).toMatchObject(
      refused(404, 'not_found'),
    );
    expect(await create({ processName: 'OF_ELM' }, 'elsewhere')).toMatchObject({ status: 200 });
    expect(await create({ processName: 'OF_ELM', onBehalfOfUserName: 'jane' }, 'root')).toMatchObject(
      refused(404, 'not_found'),
    );
  });

  it('does not choose between two of one name and version, unless the brand tells them apart', async () => {
    expect(await create({ processName: 'TWICE' }, 'nobody')).toMatchObject(refused(409, 'conflict'));
    expect(await create({ processName: 'TWICE' }, 'jane')).toMatchObject({ status: 200 });
  });

  it('R-231 R-233 R-234 R-235 stores the parameters of the request', async () => {
    const parameters = [
      { name: 'COMPANY', textValue: 'Example Ltd' },
      { name: 'AMOUNT', numericValue: 1234.5 },
      { name: 'DUE', dateTimeValue: '2026-11-21T10:30:00+01:00' },
    ];
    const { body } = await create({ processName: 'SIMPLE_REQUEST', parameters });
    const run = await world.run(body['number'] as number);
    expect((await runInputOf(world, run)).context.data).toEqual({
      COMPANY: 'Example Ltd',
      AMOUNT: 1234.5,
      DUE: '2026-11-21T09:30:00.000Z',
    });
  });

  it('R-236 R-238 keeps a file outside of the run', async () => {
    const fileValue = {
      name: 'contract.txt',
      contentType: 'text/plain',
      content: 'SGVsbG8=',
      size: 5,
      description: 'Signed',
      updatedAt: '2026-11-20T10:00:00.000Z',
    };
    const { body } = await create({ processName: 'SIMPLE_REQUEST', parameters: [{ name: 'CONTRACT', fileValue }] });
    const { context } = await runInputOf(world, await world.run(body['number'] as number));
    expect(context.data!['CONTRACT']).toEqual({
      file_id: expect.any(String),
      name: 'contract.txt',
      content_type: 'text/plain',
      size: 5,
      description: 'Signed',
      updated_at: '2026-11-20T10:00:00.000Z',
    });
    expect(JSON.stringify(context)).not.toContain('SGVsbG8=');
  });

  it('R-237 stores nothing of parameters that the process does not declare so', async () => {
    const before = await world.runs.store.collection('runs').countDocuments();
    for (const parameter of [
      { name: 'OTHER', textValue: 'x' },
      { name: 'AMOUNT', textValue: '12' },
      { name: 'CONTRACT', fileValue: { name: 'a', contentType: 'text/plain', url: 'https://example.com/a' } },
      { name: 'CONTRACT', fileValue: { name: 'a', contentType: 'text/plain', upload: {} } },
    ]) {
      const answer = await create({ processName: 'SIMPLE_REQUEST', parameters: [parameter] });
      expect(answer).toMatchObject(refused(422, 'invalid_parameter'));
      expect(answer.body.error?.message).toContain(parameter.name);
    }
    for (const parameters of [{}, [1], [{ name: 'AMOUNT', numericValue: '1' }], [{ name: 'AMOUNT' }]]) {
      expect(await create({ processName: 'SIMPLE_REQUEST', parameters })).toMatchObject(refused(400, 'invalid_input'));
    }
    expect(await world.runs.store.collection('runs').countDocuments()).toBe(before);
  });

  it('refuses a request without what the process needs, or that does not fulfil its conditions', async () => {
    expect(await create({ processName: 'PICKY' })).toMatchObject(refused(422, 'invalid_parameter'));
    const amount = (numericValue: number) => ({ processName: 'PICKY', parameters: [{ name: 'AMOUNT', numericValue }] });
    expect(await create(amount(99))).toMatchObject(refused(409, 'conflict'));
    expect(await create(amount(100))).toMatchObject({ status: 200 });
  });

  it('is on record with who did it, and without the values', async () => {
    const { id, token } = await world.application({ impersonate_username: 'gateway' });
    const parameters = [{ name: 'COMPANY', textValue: 'a very private name' }];
    const input = { processName: 'SIMPLE_REQUEST', onBehalfOfUserName: 'jane', parameters };
    await world.post(token, { operation: 'createRequest', args: { input } });
    await world.post(token, { operation: 'createRequest', args: { input: { processName: 'PRIVATE' } } });
    const { items } = await createAuditLog(world.runs.store).list({ target: `hook/${id}` });
    expect(items).toMatchObject([
      { operation: 'hook.execute', by: 'gateway', outcome: 'refused', code: 'security_error' },
      { operation: 'hook.execute', by: 'gateway', outcome: 'done', what: { on_behalf_of: 'jane', parameters: 1 } },
    ]);
    expect(JSON.stringify(items)).not.toContain('private name');
  });
});
