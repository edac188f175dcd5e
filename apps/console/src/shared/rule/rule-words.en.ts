import type { RuleWords } from './spoken-words.ts';

export const ruleWordsEn: RuleWords = {
  triggers: {
    'trade.opened': 'a trade is opened',
    'trade.closed': 'a trade is closed',
    'deposit.created': 'money is put into a trading account',
    'withdrawal.created': 'money is withdrawn from a trading account',
    'account:added': 'a trading account is added',
    'account:updated': 'a trading account is changed',
    'account:deleted': 'a trading account is deleted',
    'customer.registered': 'a customer signs up',
    'customer.deposited': 'the CRM approves a deposit',
    'customer.ftd': 'a customer deposits for the first time',
    'customer.withdrew': 'the CRM processes a withdrawal',
    'customer.traded': 'a customer opens a trade (CRM)',
    'customer.status_changed': 'the sales or KYC status of a customer changes',
    'customer.risk_changed': 'an action changes the risk level of a customer',
    'customer.active_changed': 'an action switches a customer on or off',
    'customer.assigned': 'an action assigns a customer to a manager',
    'customer.retention_changed': 'the retention class of a customer changes',
    'call.no_answer': 'a call is not answered',
    'call.completed': 'a call is completed',
    'task.created': 'an action creates a task',
    'task.overdue': 'a task is overdue',
    'customer.inactive_days': 'a customer has done nothing for some days',
    'account.frozen': 'an action freezes an account',
    'request.created': 'an incoming webhook asks for this process',
    'note.added': 'an action adds a note',
  },
  anyTrigger: (name) => `the event “${name}” comes`,
  fields: {
    brand: 'brand',
    amount_usd: 'amount in US dollars',
    'trade.order': 'order number of the trade',
    'trade.login': 'login of the trade',
    'trade.cmd': 'kind of trade',
    'trade.volume': 'volume of the trade (100 = 1 lot)',
    'trade.close_price': 'close price of the trade',
    'trade.symbol': 'instrument of the trade',
    'trade.comment': 'comment of the trade',
    'account.login': 'login of the account',
    'account.group': 'trading group of the account',
    'account.name': 'name on the account',
    'account.email': 'e-mail address of the account',
    'account.country': 'country of the account',
    'account.enable': 'account is enabled',
    'account.leverage': 'leverage of the account (100 = 1:100)',
    'account.frozen': 'account is frozen',
    'customer.id': 'id of the customer',
    'customer.country': 'country of the customer',
    'customer.language': 'language of the customer',
    'customer.email': 'e-mail address of the customer',
    'customer.phone': 'phone number of the customer',
    'customer.kyc_status': 'KYC status of the customer',
    'customer.kyc_status_id': 'KYC status of the customer (by id)',
    'customer.kyc_current_level': 'KYC level of the customer',
    'customer.risk_level': 'risk level of the customer',
    'customer.sales_status_id': 'sales status of the customer (by id)',
    'customer.sales_status': 'sales status of the customer',
    'customer.retention_status': 'retention class of the customer',
    'customer.active': 'customer is active',
    'customer.assigned_manager_id': 'manager of the customer',
    'customer.team_id': 'team of the customer',
    'customer.desk': 'desk of the customer',
    'event.amount': 'amount of the event',
    'event.inactive_days': 'days without activity',
    'order.symbol': 'instrument of the order',
    'transaction.type': 'type of the transaction',
  },
  operators: {
    eq: 'is',
    neq: 'is not',
    gt: 'is more than',
    gte: 'is at least',
    lt: 'is less than',
    lte: 'is at most',
    in: 'is one of',
    not_in: 'is none of',
    contains: 'contains',
    not_contains: 'does not contain',
    starts_with: 'begins with',
    ends_with: 'ends with',
    between: 'is between',
    is_null: 'is missing',
    is_not_null: 'is there',
    regex: 'matches the pattern',
  },
  actions: {
    'approval.request': {
      label: 'Ask people for approval, and wait',
      say: ({ approvers, title, expires_in }, { role, span, text }) => {
        const asked = (approvers ?? {}) as { roles?: unknown; users?: unknown; manager_of_customer?: unknown };
        const roles = Array.isArray(asked.roles) ? asked.roles.map((one) => role(String(one))) : [];
        const users = Array.isArray(asked.users) ? asked.users.map(String) : [];
        const all = [...roles, ...users, ...(asked.manager_of_customer === true ? ['the customer’s manager'] : [])];
        const time = span(expires_in);
        return `ask ${all.join(' or ') || 'nobody yet'} for approval ${text(title)}${time === '' ? '' : ` within ${time}`} and wait`;
      },
    },
    'notify.manager': {
      label: 'Notify a manager',
      say: ({ manager_id, title }, { name, text }) =>
        `notify ${manager_id === undefined || manager_id === 0 ? 'the customer’s manager' : name('manager', manager_id)} ${text(title)}`,
    },
    create_task: {
      label: 'Create a task',
      say: ({ type, title, due_in }, { span, text }) =>
        `create a task ${text(title ?? type)}${span(due_in) === '' ? '' : `, due in ${span(due_in)}`}`,
    },
    add_note: { label: 'Add a note', say: ({ body }, { text }) => `add the note ${text(body)}` },
    send_email: {
      label: 'Send an e-mail',
      say: ({ template, subject, to }, { name, text }) =>
        `send the e-mail ${template === undefined ? text(subject) : name('template', template)} to ${to === undefined ? 'the customer' : text(to)}`,
    },
    send_sms: {
      label: 'Send an SMS',
      say: ({ template, body, to }, { name, text }) =>
        `send the SMS ${template === undefined ? text(body) : name('template', template)} to ${to === undefined ? 'the customer' : text(to)}`,
    },
    'customer.set_status': {
      label: 'Set the sales status',
      say: ({ status }, { name }) => `set the sales status to ${name('status', status)}`,
    },
    set_status: {
      label: 'Set the sales or KYC status',
      say: ({ status, kind }, { name }) =>
        `set the ${kind === 'kyc' ? 'KYC' : 'sales'} status to ${name('status', status)}`,
    },
    'customer.set_risk_level': {
      label: 'Set the risk level',
      say: ({ risk_level }, { value }) => `set the risk level to ${value(risk_level)}`,
    },
    set_customer_active: {
      label: 'Switch the customer on or off',
      say: ({ active }) => `switch the customer ${active === false ? 'off' : 'on'}`,
    },
    freeze_account: { label: 'Freeze the account', say: () => 'freeze the account' },
    assign_to_team: {
      label: 'Assign to a team, in turn',
      say: ({ team_id }, { name }) => `assign the customer to the team ${name('team', team_id)}`,
    },
    assign_to_agent: {
      label: 'Assign to a manager or a desk',
      say: ({ agent_id, agent }, { name }) =>
        `assign the customer to ${agent_id === undefined ? `the desk ${name('desk', agent)}` : name('manager', agent_id)}`,
    },
    reassign_round_robin: {
      label: 'Assign to another manager, in turn',
      say: ({ team_id }, { name }) =>
        `assign the customer to the next manager of ${team_id === undefined ? 'the customer’s team' : `the team ${name('team', team_id)}`}`,
    },
    handover_to_retention: {
      label: 'Hand over to the retention desk',
      say: () => 'hand the customer over to the retention desk',
    },
    increment_manager_counter: {
      label: 'Add to a counter of a manager',
      say: ({ counter, by }, { value, text }) => `add ${value(by ?? 1)} to the counter ${text(counter)}`,
    },
    webhook: {
      label: 'Call a webhook (POST)',
      say: ({ url, target }, { name, text }) =>
        `call ${target === undefined ? `the address ${text(url)}` : name('endpoint', target)}`,
    },
    'webhook.send': {
      label: 'Send an HTTP request',
      say: ({ url, method }, { text }) => `send ${typeof method === 'string' ? method : 'POST'} to ${text(url)}`,
    },
    delay: {
      label: 'Wait',
      say: (params, { span }) => `wait ${span(params) || 'for some time'}`,
    },
    'kyc.require_step': { label: 'Require a KYC step (not executed yet)', say: () => 'require a KYC step' },
    'kyc.set_required_level': { label: 'Set the required KYC level (not executed yet)', say: () => 'set a KYC level' },
  },
  anyAction: (type) => `do “${type}”`,
  roles: {
    SESSION_MANAGER: 'a manager',
    SESSION_ADMIN: 'an administrator',
    SESSION_DEALER: 'a dealer',
    SESSION_CRM_MANAGER: 'a CRM manager',
    SESSION_CRM_ADMIN: 'a CRM administrator',
  },
  units: { minutes: ['minute', 'minutes'], hours: ['hour', 'hours'], days: ['day', 'days'] },
  sentence: {
    when: (trigger, brand) => `When ${trigger}${brand === null ? '' : ` (brand ${brand})`}`,
    condition: (field, operator, value) => `${field} ${operator}${value === '' ? '' : ` ${value}`}`,
    between: (field, low, high) => `${field} is between ${low} and ${high}`,
    and: ' and ',
    or: ' or ',
    not: (inner) => `it is not so that ${inner}`,
    always: 'always',
    never: 'never',
    onlyIf: (conditions) => `, if ${conditions}`,
    next: '; then ',
    nothing: 'do nothing yet',
    odd: 'a condition that cannot be read',
    more: (count) => `${count} more`,
    once: 'Once for each customer.',
    onceIn: (span) => `For each customer at most once in ${span}.`,
    limit: (count, span) => `Beyond ${count} runs in ${span}, further ones are held.`,
    stopAfter: 'Later rules are held back.',
  },
};
