import { managerRoles } from '#libs/contracts/session.schema.ts';

/** Answers as the API gives them, for its description; shortened where lists are long. */
export const time = '2026-03-01T09:30:00.000Z';
export const token = 'c0ffee'.repeat(10);

export const definition = {
  name: 'VIP deposit',
  brand: 'alpha',
  trigger_event: 'customer.deposited',
  conditions: { field: 'event.amount', operator: 'gte', value: 10_000 },
  actions: [{ type: 'notify.manager', params: { title: 'VIP deposit' } }],
  status: 'draft',
};

export const rule = {
  ...definition,
  id: 'vip-deposit-4f0c7f2d6a1b9e35',
  description: '',
  priority: 100,
  stop_after: false,
  version: 1,
  created_at: time,
  updated_at: time,
  archived_at: null,
  created_by: 'alice',
  updated_by: 'alice',
};

export const version = {
  version: 2,
  at: time,
  by: 'alice',
  deleted: false,
  changes: [{ path: 'conditions.value', before: 5_000, after: 10_000 }],
};

export const event = {
  id: 'dep-1',
  type: 'customer.deposited',
  brand: 'alpha',
  customerId: 'c-1',
  data: { amount: 12_500 },
};

export const explanation = {
  rule_id: rule.id,
  rule_name: rule.name,
  version: 1,
  status: 'active',
  brand: 'alpha',
  priority: 100,
  verdict: 'runs',
  matches: true,
  order: 1,
  stopped_by: null,
  actions: definition.actions,
  conditions: [
    { path: 'conditions', holds: true, field: 'event.amount', operator: 'gte', wanted: 10_000, seen: 12_500 },
  ],
  truncated: false,
};

export const run = {
  run_id: `${rule.id}:dep-1`,
  rule_id: rule.id,
  rule_name: rule.name,
  rule_version: 1,
  brand: 'alpha',
  trigger_event: 'customer.deposited',
  event_id: 'dep-1',
  login: null,
  customer_id: 'c-1',
  status: 'completed',
  reason: null,
  stopped_by: null,
  claimed_at: time,
  started_at: time,
  finished_at: time,
  duration_ms: 42,
  error: null,
  temporal_url: 'http://127.0.0.1:8233/namespaces/default/workflows/vip-deposit-4f0c7f2d6a1b9e35%3Adep-1',
  actions: [
    {
      index: 0,
      type: 'notify.manager',
      status: 'completed',
      attempts: 1,
      detail: 'notified manager 1 (of the customer)',
      started_at: time,
      finished_at: time,
    },
  ],
};

export const approval = {
  token,
  run_id: run.run_id,
  rule_id: rule.id,
  rule_name: rule.name,
  event_id: 'dep-1',
  tenant: 'alpha',
  customer_id: 'c-1',
  login: null,
  action: 1,
  title: 'Pay out 12,500?',
  message: null,
  approvers: { roles: ['SESSION_ADMIN'], users: ['carol'] },
  required: 1,
  state: 'open',
  answers: [],
  reassignments: [],
  asked_at: time,
  expires_at: null,
  closed_at: null,
  may_answer: true,
};

export const answer = { run_id: run.run_id, state: 'approved', approved: 1, required: 1 };

export const registry = {
  triggers: [{ name: 'customer.deposited', source: 'crm', description: 'A customer has deposited money' }],
  fields: [{ path: 'event.amount', type: 'number', description: 'Amount of the event' }],
  operators: [{ code: 'gte', value_shape: 'number_or_date', types: ['number'], description: 'at least' }],
  actions: [
    {
      type: 'add_note',
      description: 'Leaves a note with the linked customer',
      params: [{ name: 'body', type: 'string', required: true, description: 'The note' }],
      runtime_enabled: true,
    },
    {
      type: 'assign_to_team',
      description: 'Assigns the linked customer to the agents of a team, in turn',
      params: [
        {
          name: 'team_id',
          type: 'id',
          required: true,
          description: 'Id of the team',
          refers_to: 'team',
          choices: [{ value: 'sales-br', label: 'Sales Brazil' }],
        },
      ],
      runtime_enabled: true,
    },
  ],
  brands: ['alpha', 'beta'],
  roles: managerRoles,
};

export const backtest = {
  id: '5d3c0a52-8f5f-4a3e-9a7b-0e2d2a0d9d11',
  brand: 'alpha',
  by: 'alice',
  rule_id: null,
  days: 7,
  status: 'completed',
  started_at: time,
  finished_at: time,
  progress: null,
  result: {
    events_read: 120_000,
    undecodable: 0,
    events_considered: 840,
    matches: 12,
    matches_per_day: { '2026-02-27': 7, '2026-02-28': 5 },
    samples: [
      { event_id: 'dep-1', at: time, brand: 'alpha', customer_id: 'c-1', login: null, actions: definition.actions },
    ],
    difference: null,
    from: time,
    to: time,
    notes: ['Accounts and customers are read as they are now, not as they were at the time of the events.'],
  },
  error: null,
};

export const apiKey = {
  api_key_id: '5f0c1a9be27d4430',
  name: 'nightly import',
  role: 'SESSION_ADMIN',
  brands: ['alpha'],
  created_at: time,
  created_by: 'alice',
  expires_at: null,
  revoked_at: null,
  revoked_by: null,
};

export const auditEntry = {
  audit_id: `rule/${rule.id}@2`,
  at: time,
  by: 'alice',
  operation: 'rule.update',
  target: `rule/${rule.id}`,
  brand: 'alpha',
  what: null,
  rule_version: 2,
  outcome: 'done',
  code: null,
  changes: version.changes,
};
