import { describe, expect, it } from 'vitest';
import { actionCatalog, findActionType } from '../actions/action-catalog.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import { validateRule } from './validate-rule.ts';

const webhook = { type: 'webhook.send', params: { url: 'https://example.com/hook' } };
const minimal = { name: 'Big deposit', trigger_event: 'customer.deposited', actions: [webhook] };
const full = {
  ...minimal,
  description: 'Tells the desk\nabout it',
  brand: 'north',
  conditions: { match: 'all', rules: [{ field: 'event.amount', operator: 'gte', value: 1000 }] },
  priority: 10,
  stop_after: true,
  status: 'inactive',
};

const problemsOf = (input: unknown): string[] => validateRule(input).errors.map(({ path, code }) => `${path}: ${code}`);
const withAction = (type: string, params: unknown) => ({ ...minimal, actions: [{ type, params }] });
const actionProblems = (type: string, params: unknown): string[] => problemsOf(withAction(type, params));

describe('validateRule', () => {
  it('R-001 a rule is one trigger, then conditions, then actions', () => {
    expect(validateRule(full)).toEqual({ rule: full, id: null, errors: [], warnings: [] });
    expect(problemsOf({ ...full, trigger_event: ['a', 'b'] })).toEqual(['trigger_event: wrong_type']);
    expect(problemsOf({ ...full, actions: [] })).toEqual(['actions: required']);
    expect(problemsOf({ ...full, steps: [] })).toEqual(['steps: unknown_key']);
  });

  it('fills in what may be left out', () => {
    expect(validateRule(minimal).rule).toEqual({
      ...minimal,
      description: '',
      brand: null,
      conditions: { match: 'all', rules: [] },
      priority: 100,
      stop_after: false,
      status: 'active',
    });
  });

  it('R-123 R-124 R-125 R-128 keeps name, trigger_event, conditions, priority and stop_after as they were written', () => {
    const { name, trigger_event, conditions, priority, stop_after } = full;
    expect(validateRule(full).rule).toMatchObject({ name, trigger_event, conditions, priority, stop_after });
  });

  it('R-126 a leaf without its parts is no condition', () => {
    const withLeaf = (leaf: object): string[] =>
      problemsOf({ ...minimal, conditions: { match: 'all', rules: [leaf] } });
    expect(withLeaf({ field: 'event.amount', operator: 'gte', value: 1000 })).toEqual([]);
    expect(withLeaf({ operator: 'gte', value: 1000 })).toEqual(['conditions.rules[0].field: required']);
    expect(withLeaf({ field: 'event.amount', value: 1 })).toEqual(['conditions.rules[0].operator: unknown_operator']);
    expect(withLeaf({ field: 'event.amount', operator: 'gte' })).toEqual(['conditions.rules[0].value: wrong_value']);
  });

  it('R-127 actions are an ordered list of type and params, and params may be empty', () => {
    const actions = [
      { type: 'notify.manager', params: {} },
      { type: 'delay', params: { value: 2, unit: 'hours' } },
      { type: 'notify.manager', params: { manager_id: 0, title: 'Again' } },
    ];
    expect(validateRule({ ...minimal, actions }).rule?.actions).toEqual(actions);
    expect(validateRule({ ...minimal, actions: [{ type: 'notify.manager' }] }).rule?.actions).toEqual([
      { type: 'notify.manager', params: {} },
    ]);
    expect(problemsOf({ ...minimal, actions: { 0: webhook } })).toEqual(['actions: wrong_type']);
  });

  it('tells every issue at once', () => {
    const input = {
      name: ' ',
      brand: 7,
      priority: -1,
      stop_after: 'yes',
      status: 'archived',
      id: 'a b',
      version: 3,
      'odd key': 1,
      description: 'a\u0000',
      conditions: { field: 'x', operator: 'eq', value: 1 },
      actions: ['text', { type: 'nonsense', params: {} }, { type: 'delay', params: [], more: 1 }],
    };
    expect(problemsOf(input).toSorted()).toEqual(
      [
        'version: unknown_key',
        '["odd key"]: unknown_key',
        'name: required',
        'description: wrong_value',
        'brand: wrong_type',
        'trigger_event: required',
        'conditions.field: unknown_field',
        'actions[0]: wrong_type',
        'actions[1].type: unknown_action',
        'actions[2].more: unknown_key',
        'actions[2].params: wrong_type',
        'priority: wrong_value',
        'stop_after: wrong_type',
        'status: wrong_value',
        'id: wrong_value',
      ].toSorted(),
    );
    expect(validateRule(input).rule).toBeNull();
  });

  it.each([null, undefined, 'text', 5, [], true])('refuses %j as a rule', (input) => {
    expect(validateRule(input)).toMatchObject({ rule: null, errors: [{ code: 'wrong_type' }] });
  });

  it('puts the issue and what would be right into one sentence', () => {
    const [error] = validateRule({ ...minimal, priority: 1.5 }).errors;
    expect(error?.message).toBe('priority must be a whole number from 0 to 2147483647; 0 runs first');
    expect(validateRule({ ...minimal, created_at: 'x' }).errors[0]?.message).toContain('set by the server');
  });

  it.each([
    ['webhook.send', { url: 7 }, 'params.url must be a text'],
    ['webhook.send', { url: 'https://example.com', timeout_ms: 1.5 }, 'params.timeout_ms must be a whole number'],
    [
      'webhook.send',
      { url: 'https://example.com', headers: 7 },
      'params.headers must be an object whose values are all texts',
    ],
    ['approval.request', { title: 'x', forbid_initiator: 'no' }, 'params.forbid_initiator must be true or false'],
  ])('%s says of %j which type would be right', (type, params, message) => {
    const messages = validateRule(withAction(type, params)).errors.map((error) => error.message);
    expect(messages).toContain(`actions[0].${message}`);
  });

  it('bounds the size of a rule', () => {
    expect(problemsOf({ ...minimal, name: 'x'.repeat(ruleLimits.name) })).toEqual([]);
    expect(problemsOf({ ...minimal, name: 'x'.repeat(ruleLimits.name + 1) })).toEqual(['name: too_long']);
    expect(problemsOf({ ...minimal, description: 'x'.repeat(4001) })).toEqual(['description: too_long']);
    const actions = (count: number, action: object): object[] => Array.from({ length: count }, () => action);
    expect(problemsOf({ ...minimal, actions: actions(50, webhook) })).toEqual([]);
    expect(problemsOf({ ...minimal, actions: actions(51, webhook) })).toEqual(['actions: too_many']);
    const big = { type: 'webhook.send', params: { ...webhook.params, body: 'x'.repeat(ruleLimits.webhookBody) } };
    expect(problemsOf({ ...minimal, actions: actions(3, big) })).toEqual([]);
    expect(problemsOf({ ...minimal, actions: actions(4, big) })).toEqual(['actions: too_long']);
  });

  it('refuses a brand or trigger that would never match for a space at its end', () => {
    const input = { ...minimal, name: ' padded ', brand: 'north ', trigger_event: ' task.overdue' };
    expect(problemsOf(input).toSorted()).toEqual(['brand: wrong_value', 'trigger_event: wrong_value']);
  });

  it('stays answerable when everything is wrong', () => {
    const conditions = Array.from({ length: 5000 }, () => ({ field: 'x', operator: 'y' }));
    expect(validateRule({ ...minimal, conditions }).errors).toHaveLength(100);
  });

  it('returns the id of a file apart from the rule', () => {
    expect(validateRule({ ...minimal, id: 'big-deposit_1.0' })).toMatchObject({ id: 'big-deposit_1.0', errors: [] });
    expect(validateRule({ ...minimal, id: 'big-deposit' }).rule).not.toHaveProperty('id');
    for (const id of ['a.b', '...', '.a', '..a', 'newer', 'a-new'])
      expect(validateRule({ ...minimal, id })).toMatchObject({ id, errors: [] });
    for (const id of ['.', '..', 'new']) {
      const message = 'id must be 1 to 64 letters, digits, dots, dashes or underscores, but none of ., .. and new';
      expect(validateRule({ ...minimal, id }).errors).toEqual([
        { path: 'id', code: 'wrong_value', message, params: { expected: 'rule_id' } },
      ]);
    }
    for (const id of ['', 'a:b', 'x'.repeat(65), 5, null]) {
      expect(problemsOf({ ...minimal, id })).toEqual(['id: wrong_value']);
    }
  });

  it('warns of an unknown trigger, and lets it pass', () => {
    const unknown = { ...minimal, trigger_event: 'card.blocked' };
    expect(validateRule(unknown)).toMatchObject({ errors: [], warnings: [{ code: 'unknown_trigger' }] });
    expect(validateRule(unknown, { isKnownTrigger: (name) => name === 'card.blocked' }).warnings).toEqual([]);
  });

  it('accepts fields of the broker’s own status types when it is told of them', () => {
    const path = 'customer.loyalty_status_id';
    const input = { ...minimal, conditions: [{ field: path, operator: 'eq', value: 1 }] };
    expect(problemsOf(input)).toEqual(['conditions[0].field: unknown_field']);
    expect(validateRule(input, { fields: [{ path, type: 'id', description: '' }] }).errors).toEqual([]);
  });

  it('is not led astray by members named like those of a prototype', () => {
    const input = JSON.parse(
      '{"name":"r","trigger_event":"task.overdue","__proto__":{"priority":1},' +
        '"actions":[{"type":"constructor","params":{}},{"type":"notify.manager","params":{"__proto__":{}}}]}',
    ) as unknown;
    expect(problemsOf(input)).toEqual([
      '__proto__: unknown_key',
      'actions[0].type: unknown_action',
      'actions[1].params.__proto__: unknown_param',
    ]);
  });
});

describe('action parameters', () => {
  it('R-167 R-168 set_status takes an id or code, of the sales or the KYC statuses', () => {
    expect(actionProblems('set_status', { status: 'vip' })).toEqual([]);
    expect(actionProblems('set_status', { status: 7, kind: 'kyc' })).toEqual([]);
    expect(actionProblems('set_status', { kind: 'loyalty' })).toEqual([
      'actions[0].params.status: required',
      'actions[0].params.kind: wrong_value',
    ]);
  });

  it('R-171 create_task takes when it is due in the units of a delay', () => {
    const dueIn = (due_in: unknown): string[] => actionProblems('create_task', { type: 'call', due_in });
    expect(actionProblems('create_task', { type: 'call' })).toEqual([]);
    expect(dueIn({ value: 365, unit: 'days' })).toEqual([]);
    const wrong = [{ value: 366, unit: 'days' }, { value: 0, unit: 'days' }, { value: 1, unit: 'weeks' }, {}, 'soon'];
    for (const one of [...wrong, { value: 1, unit: 'days', at: 'noon' }]) {
      expect(dueIn(one)).toEqual(['actions[0].params.due_in: wrong_value']);
    }
    expect(validateRule(withAction('create_task', { type: 'call', due_in: { value: 1 } })).errors[0]?.message).toBe(
      'actions[0].params.due_in must be a length of time such as { "value": 2, "unit": "days" }: ' +
        'unit must be minutes, hours or days',
    );
    expect(actionProblems('create_task', { due_in: { value: 2, unit: 'days' }, assignee_id: 'Mia' })).toEqual([
      'actions[0].params.type: required',
      'actions[0].params.assignee_id: wrong_value',
    ]);
  });

  it('R-172 R-173 R-174 R-175 hold what each action needs', () => {
    expect(actionProblems('add_note', { body: '' })).toEqual(['actions[0].params.body: wrong_value']);
    expect(actionProblems('increment_manager_counter', { by: 0 })).toEqual([
      'actions[0].params.counter: required',
      'actions[0].params.by: wrong_value',
    ]);
    expect(actionProblems('set_customer_active', {})).toEqual(['actions[0].params.active: required']);
    expect(actionProblems('set_customer_active', { active: 1 })).toEqual(['actions[0].params.active: wrong_value']);
    expect(actionProblems('freeze_account', {})).toEqual([]);
    expect(actionProblems('freeze_account', { reason: 7 })).toEqual(['actions[0].params.reason: wrong_value']);
  });

  it('R-163 R-164 R-165 R-166 R-180 need a team, or exactly one agent', () => {
    expect(actionProblems('assign_to_team', {})).toEqual(['actions[0].params.team_id: required']);
    expect(actionProblems('assign_to_team', { team_id: '' })).toEqual(['actions[0].params.team_id: wrong_value']);
    expect(actionProblems('assign_to_team', { team_id: 'sales' })).toEqual([]);
    expect(actionProblems('assign_to_agent', { agent_id: 12 })).toEqual([]);
    expect(actionProblems('assign_to_agent', { agent: 'retention' })).toEqual([]);
    for (const params of [{}, { agent_id: 12, agent: 'retention' }]) {
      expect(actionProblems('assign_to_agent', params)).toEqual(['actions[0].params: wrong_value']);
    }
    expect(actionProblems('assign_to_agent', { agent_id: 0 })).toEqual(['actions[0].params.agent_id: wrong_value']);
    expect(actionProblems('reassign_round_robin', {})).toEqual([]);
    expect(actionProblems('reassign_round_robin', { team_id: 'sales' })).toEqual([]);
    expect(actionProblems('handover_to_retention', {})).toEqual([]);
  });

  it('R-081 webhook.send without url is invalid', () => {
    expect(actionProblems('webhook.send', { method: 'POST' })).toEqual(['actions[0].params.url: required']);
    for (const url of ['', 'example.com', 'ftp://example.com', 'javascript:alert(1)', '/hook', 'https://', 5]) {
      expect(actionProblems('webhook.send', { url })).toEqual(['actions[0].params.url: wrong_value']);
    }
  });

  it('R-082 webhook.send takes method, headers, body and timeout_ms, and needs none of them', () => {
    const params = {
      url: 'http://example.com',
      method: 'GET',
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":1}',
      timeout_ms: 5000,
    };
    expect(validateRule(withAction('webhook.send', params)).rule?.actions[0]?.params).toEqual(params);
    expect(actionProblems('webhook.send', { url: 'http://example.com' })).toEqual([]);
    const wrong = { url: 'http://example.com', method: 'TRACE', headers: { a: 1 }, body: {}, timeout_ms: '5000' };
    expect(actionProblems('webhook.send', { ...wrong, retries: 3 })).toEqual([
      'actions[0].params.method: wrong_value',
      'actions[0].params.headers: wrong_value',
      'actions[0].params.body: wrong_value',
      'actions[0].params.timeout_ms: wrong_value',
      'actions[0].params.retries: unknown_param',
    ]);
  });

  it('R-083 the catalogue says that method defaults to POST', () => {
    const method = findActionType('webhook.send')?.params.find(({ name }) => name === 'method');
    expect(method).toMatchObject({ required: false, default: 'POST' });
  });

  it('never refuses a whole timeout_ms, however far out of range', () => {
    for (const timeout_ms of [-1, 0, 1, 999_999, 1e20]) {
      expect(actionProblems('webhook.send', { ...webhook.params, timeout_ms })).toEqual([]);
    }
    expect(actionProblems('webhook.send', { ...webhook.params, timeout_ms: 1.5 })).toHaveLength(1);
  });

  it.each([
    { 'X-A': 'line\r\nX-B: 1' },
    { 'bad name': 'x' },
    { '': 'x' },
    { 'X-A': '1', 'x-a': '2' },
    { 'Content-Length': '5' },
    { 'transfer-encoding': 'chunked' },
    { 'X-A': '\u20AC' },
    Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`X-${index}`, 'v'])),
  ])('refuses headers that cannot be sent: %j', (headers) => {
    expect(actionProblems('webhook.send', { ...webhook.params, headers })).toEqual([
      'actions[0].params.headers: wrong_value',
    ]);
  });

  it.each([
    ['notify.manager', { manager_id: -1 }, 'manager_id'],
    ['notify.manager', { manager_id: '5' }, 'manager_id'],
    ['notify.manager', { title: 'x'.repeat(201) }, 'title'],
    ['customer.set_status', { status: '' }, 'status'],
    ['customer.set_status', { status: true }, 'status'],
    ['customer.set_risk_level', { risk_level: 1.5 }, 'risk_level'],
    ['delay', { value: 0, unit: 'days' }, 'value'],
    ['delay', { value: 1.5, unit: 'days' }, 'value'],
    ['delay', { value: 1, unit: 'weeks' }, 'unit'],
  ])('%s refuses %j', (type, params, name) => {
    expect(actionProblems(type, params)).toEqual([`actions[0].params.${name}: wrong_value`]);
  });

  it('names the parameters an action needs', () => {
    expect(actionProblems('customer.set_status', {})).toEqual(['actions[0].params.status: required']);
    expect(actionProblems('customer.set_risk_level', {})).toEqual(['actions[0].params.risk_level: required']);
    expect(actionProblems('delay', {})).toEqual([
      'actions[0].params.value: required',
      'actions[0].params.unit: required',
    ]);
  });

  it('a delay lasts at most 365 days', () => {
    expect(actionProblems('delay', { value: 365, unit: 'days' })).toEqual([]);
    expect(actionProblems('delay', { value: 366, unit: 'days' })).toEqual(['actions[0].params: wrong_value']);
    expect(actionProblems('delay', { value: 525_601, unit: 'minutes' })).toEqual(['actions[0].params: wrong_value']);
  });

  it.each(['kyc.require_step', 'kyc.set_required_level'])('%s is accepted with a warning', (type) => {
    const { rule, warnings } = validateRule(withAction(type, { step: 'address' }));
    expect(rule?.actions).toEqual([{ type, params: { step: 'address' } }]);
    expect(warnings).toMatchObject([{ path: 'actions[0]', code: 'action_disabled' }]);
    expect(findActionType(type)).toMatchObject({ runtime_enabled: false });
  });

  it('refuses parameters nested without end', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`) as unknown;
    expect(actionProblems('kyc.require_step', deep)).toEqual(['actions[0].params: too_deep']);
  });

  it('every entry of the catalogue that is disabled says why', () => {
    for (const { runtime_enabled, reason } of actionCatalog) expect(runtime_enabled).toBe(reason === undefined);
  });
});

describe('the values of an issue', () => {
  const paramsOf = (given: object): unknown =>
    validateRule({ ...minimal, ...given }).errors.map(({ params }) => params);
  const where = (field: string, operator: string, value: unknown): object => ({
    conditions: [{ field, operator, value }],
  });

  it.each<[string, object, object]>([
    ['a text that is too long', { name: 'x'.repeat(1_000) }, { max: ruleLimits.name }],
    ['a number out of its bounds', { priority: -1 }, { expected: 'from_to', min: 0, max: ruleLimits.priority }],
    ['an unknown field', where('customer.colour', 'eq', 1), { name: 'customer.colour' }],
    ['a text for a number', where('amount_usd', 'eq', 'x'), { expected: 'number', name: 'amount_usd', type: 'number' }],
    [
      'a pair the wrong way round',
      where('amount_usd', 'between', [5, 1]),
      { expected: 'ordered_pair', operator: 'between' },
    ],
    ['a parameter of another type', { actions: [{ type: 'add_note', params: { body: 5 } }] }, { expected: 'text' }],
    [
      'an address that is none',
      { actions: [{ type: 'send_email', params: { to: 'ann', subject: 'a', body: 'b' } }] },
      { expected: 'mail_address' },
    ],
  ])('of %s are told beside the message', (_, given, params) => {
    expect(paramsOf(given)).toEqual([params]);
  });
});
