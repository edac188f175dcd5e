/** What a form for rules is built from, and the check of a rule that is not stored. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { actionCatalog } from '#libs/domain/actions/action-catalog.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { knownTriggers } from '#libs/domain/events/triggers.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createRuleRepository, type RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { IngressWorld } from '../../support/ingress.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';

let api: TestApi;
let directory: Directory;
let rules: RuleRepository;
let close: () => Promise<void>;

beforeAll(async () => {
  const uri = databaseUri(uniqueName('registry'));
  const store = await connectStore(uri);
  directory = createDirectory(store);
  rules = createRuleRepository(store);
  await directory.load({
    statuses: [
      { id: 7, type: 'sales', code: 'vip', label: 'VIP' },
      { id: 8, type: 'mood', code: 'happy' },
      { id: 9, type: 'sales', code: 'secret', brand: 'elm' },
    ],
  });
  await rules.apply(
    [
      {
        id: 'back',
        definition: ruleDefinition({
          brand: 'oak',
          trigger_event: 'customer.deposited',
          actions: [{ type: 'customer.set_risk_level', params: { risk_level: 'low' } }],
        }),
      },
    ],
    'test',
  );
  api = await startTestApi({ MONGODB_URI: uri });
  close = () => store.close();
});
afterAll(async () => {
  await api?.close();
  await close?.();
});

interface Entry {
  path?: string;
  type?: string;
  values?: { value: unknown; label: string }[];
  [member: string]: unknown;
}

async function registry(role = 'SESSION_MANAGER', brands?: string[]): Promise<Record<string, Entry[]>> {
  const { status, body } = await api.as(role, '/api/workflow/registry', {}, brands === undefined ? {} : { brands });
  expect(status).toBe(200);
  return body.data as Record<string, Entry[]>;
}

const check = async (rule: unknown, brands?: string[]) => {
  const options = brands === undefined ? {} : { brands };
  const path = '/api/workflow/rules/validate';
  const { status, body } = await api.as('SESSION_DEALER', path, { method: 'POST', body: { rule } }, options);
  expect(status).toBe(200);
  return body.data as { valid: boolean; errors: { path: string }[]; warnings: { code: string; message: string }[] };
};

describe('the registry', () => {
  it.each(managerRoles)('R-006 R-109 tells %s the triggers, fields, operators and actions', async (role) => {
    const { triggers, fields, operators, actions } = await registry(role);
    expect(triggers).toEqual(expect.arrayContaining(knownTriggers.map((one) => expect.objectContaining(one))));
    expect(triggers).toContainEqual(
      expect.objectContaining({
        name: 'withdrawal.created',
        roots: ['amount_usd', 'trade', 'account', 'customer', 'brand'],
      }),
    );
    expect(operators).toHaveLength(16);
    expect(fields).toContainEqual(expect.objectContaining({ path: 'trade.volume', unit: '100 = 1.00 lot' }));
    expect(actions?.map(({ type }) => type)).toEqual(actionCatalog.map(({ type }) => type));
    expect(actions?.find(({ type }) => type === 'webhook.send')).toMatchObject({
      runtime_enabled: true,
      params: expect.arrayContaining([expect.objectContaining({ name: 'url', type: 'string', required: true })]),
    });
  });

  it.each([
    ['R-095', 'kyc.require_step'],
    ['R-096', 'kyc.set_required_level'],
  ])('%s lists %s as not executed, and says why', async (_number, type) => {
    const { actions } = await registry();
    expect(actions?.find((action) => action.type === type)).toMatchObject({
      runtime_enabled: false,
      reason: expect.stringContaining('KYC'),
    });
  });

  it('reads the statuses of the moment, and those of its brands only', async () => {
    const values = async (path: string, brands?: string[]) =>
      (await registry('SESSION_ADMIN', brands))['fields']?.find((field) => field.path === path)?.values;
    expect(await values('customer.mood_status_id')).toEqual([{ value: 8, label: 'happy' }]);
    expect(await values('customer.sales_status_id', ['oak'])).toEqual([{ value: 7, label: 'VIP' }]);
    expect(await values('customer.sales_status_id', ['elm'])).toHaveLength(2);
    await directory.load({ statuses: [{ id: 10, type: 'mood', code: 'angry' }] });
    expect(await values('customer.mood_status_id')).toHaveLength(2);
  });
});

describe('what a form can offer', () => {
  it('is what the directory has for the brands of the session, and no more of it than names', async () => {
    await directory.load({
      groups: [
        { name: 'real-oak', brand: 'oak' },
        { name: 'demo-oak', brand: 'oak' },
        { name: 'real-elm', brand: 'elm' },
        { name: 'none', brand: null },
      ],
      managers: [
        { id: 11, name: 'Ada', enabled: true },
        { id: 12, name: 'Off', enabled: false },
        { id: 13, name: 'Elmer', enabled: true, brands: ['elm'] },
      ],
      teams: [
        { id: 't-oak', name: 'Oak team', agent_ids: [11] },
        { id: 't-elm', name: 'Elm team', agent_ids: [13] },
      ],
      desks: [{ code: 'retention', name: 'Retention', team_id: 't-oak' }],
      templates: [
        { code: 'welcome', channel: 'email', subject: 'Hi', text: 'Hi' },
        { code: 'welcome', channel: 'email', subject: 'Oi', text: 'Oi', language: 'pt' },
        { code: 'win_back', channel: 'sms', text: 'Come back', brand: 'elm' },
      ],
      endpoints: [{ name: 'slack', url: 'https://hooks.example.com/secret-part', secret: 'whsec_c2VjcmV0c2VjcmV0' }],
    });
    const { actions, brands } = await registry('SESSION_ADMIN', ['oak']);
    const choices = (type: string, param: string) => {
      const params = actions!.find((action) => action.type === type)!['params'] as Entry[];
      return params.find(({ name }) => name === param)!['choices'];
    };
    expect(brands).toEqual(['oak']);
    expect(choices('notify.manager', 'manager_id')).toEqual([{ value: 11, label: 'Ada' }]);
    expect(choices('assign_to_team', 'team_id')).toEqual([{ value: 't-oak', label: 'Oak team' }]);
    expect(choices('assign_to_agent', 'agent')).toEqual([{ value: 'retention', label: 'Retention' }]);
    expect(choices('send_email', 'template')).toEqual([{ value: 'welcome', label: 'welcome' }]);
    expect(choices('send_sms', 'template')).toEqual([]);
    expect(choices('webhook', 'target')).toEqual([{ value: 'slack', label: 'slack' }]);
    expect(choices('customer.set_status', 'status')).toEqual([{ value: 'vip', label: 'VIP' }]);
    expect(choices('webhook.send', 'url')).toBeUndefined();
    expect(JSON.stringify(await registry())).not.toContain('secret-part');
    expect((await registry())['brands']).toEqual(['elm', 'oak']);
  });
});

describe('types of events that nobody has announced', () => {
  it('are triggers once one was seen, with what it carried, and no warning then says otherwise', async () => {
    const world = await IngressWorld.create();
    const own = await startTestApi({ MONGODB_URI: world.config.store.uri });
    try {
      await world.startIngress();
      const type = uniqueName('loyalty.upgraded');
      const rule = { name: 'Loyal', trigger_event: type, actions: [{ type: 'add_note', params: { body: 'x' } }] };
      const asked = { method: 'POST', body: { rule } };
      const warnings = async () =>
        (await own.as('SESSION_DEALER', '/api/workflow/rules/validate', asked)).body.data!['warnings'];
      expect(await warnings()).toMatchObject([{ code: 'unknown_trigger' }]);
      const value = { id: uniqueName('evt'), type, brand: 'oak', data: { tier: 'gold', points: 7 } };
      await world.publish(topics.crm, { value });
      await world.drained();
      const { body } = await own.as('SESSION_DEALER', '/api/workflow/registry');
      expect(body.data!['triggers']).toContainEqual({
        name: type,
        source: topics.crm,
        description: expect.any(String),
        roots: expect.arrayContaining(['event', 'customer', 'brand']),
        fields: [
          { path: 'event.tier', type: 'string' },
          { path: 'event.points', type: 'number' },
        ],
      });
      expect(await warnings()).toEqual([]);
    } finally {
      await own.close();
      await world.close();
    }
  });
});

describe('a rule that is checked and not stored', () => {
  const fine = {
    name: 'Big deposit',
    trigger_event: 'customer.deposited',
    conditions: [{ field: 'customer.mood_status_id', operator: 'eq', value: 8 }],
    actions: [{ type: 'add_note', params: { body: 'seen' } }],
  };

  it('R-004 is found valid, with statuses of the broker', async () => {
    expect(await check(fine)).toEqual({ valid: true, errors: [], warnings: [] });
    expect((await rules.list({})).items).toHaveLength(1);
  });

  it('R-004 is told every issue with its place', async () => {
    const { valid, errors } = await check({
      ...fine,
      name: '',
      actions: [{ type: 'webhook.send', params: {} }, { type: 'fax' }],
      colour: 'red',
    });
    expect(valid).toBe(false);
    expect(errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['name', 'actions[0].params.url', 'actions[1].type', 'colour']),
    );
  });

  it.each([[null], [[]], ['text'], [7]])('R-004 may be anything: %j', async (rule) => {
    expect(await check(rule)).toMatchObject({ valid: false });
  });

  it('has to be there', async () => {
    const answer = await api.as('SESSION_DEALER', '/api/workflow/rules/validate', { method: 'POST', body: {} });
    expect(answer).toMatchObject({ status: 422, body: { error: { details: [{ path: 'rule' }] } } });
  });

  it('is warned of rules it contradicts, unless they are of a brand the session is not for', async () => {
    const rule = {
      ...fine,
      brand: 'oak',
      conditions: [],
      actions: [{ type: 'customer.set_risk_level', params: { risk_level: 'high' } }],
    };
    const { valid, warnings } = await check(rule, ['oak']);
    expect(valid).toBe(true);
    expect(warnings).toMatchObject([{ message: expect.stringContaining('back') }]);
    expect((await check(rule, ['elm'])).warnings).toEqual([]);
    expect((await check({ ...rule, id: 'back' }, ['oak'])).warnings).toEqual([]);
  });
});
