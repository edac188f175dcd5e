/**
 * Triggers are names. Broker records are mapped to theirs by the table below; a CRM event's type *is* its trigger, so a
 * new event type works as a trigger without any change here. `knownTriggers` only informs people.
 */
import { requestTrigger } from '../rules/process.ts';
import { topics, type AccountChange } from './platform-event.ts';

export interface TriggerInfo {
  name: string;
  /** Topic its events come from; `incoming webhooks` for requests, which no topic carries. */
  source: string;
  description: string;
}

/** Record event and trade command -> trigger, exactly the supported combinations. Every other one starts nothing. */
const tradeTriggers: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'EV_RECORD_ADD',
    new Map([
      ['OP_BUY', 'trade.opened'],
      ['OP_SELL', 'trade.opened'],
      ['OP_BALANCE_IN', 'deposit.created'],
      ['OP_BALANCE_OUT', 'withdrawal.created'],
    ]),
  ],
  [
    'EV_RECORD_ACTIVATE_TRADE',
    new Map([
      ['OP_BUY', 'trade.opened'],
      ['OP_SELL', 'trade.opened'],
    ]),
  ],
  [
    'EV_RECORD_CLOSE_TRADE',
    new Map([
      ['OP_BUY', 'trade.closed'],
      ['OP_SELL', 'trade.closed'],
    ]),
  ],
]);

const accountChanges: ReadonlyMap<string, AccountChange> = new Map([
  ['EV_RECORD_ADD', 'added'],
  ['EV_RECORD_UPDATE', 'updated'],
  ['EV_RECORD_DELETE', 'deleted'],
]);

/** @returns the trigger of a `trade.push` message, or null when the combination starts nothing. */
export function tradeTrigger(recordEvent: string, command: string): string | null {
  return tradeTriggers.get(recordEvent)?.get(command) ?? null;
}

/** @returns what an `account.push` message did to the account, or null when it is none of the three. */
export function parseAccountTrigger(recordEvent: string): AccountChange | null {
  return accountChanges.get(recordEvent) ?? null;
}

/** Account triggers are written with a colon, unlike all others. */
export function accountTrigger(change: AccountChange): string {
  return `account:${change}`;
}

export const knownTriggers: readonly TriggerInfo[] = [
  {
    name: 'trade.opened',
    source: topics.trade,
    description: 'A buy or sell was opened or a pending one became active',
  },
  { name: 'trade.closed', source: topics.trade, description: 'A buy or sell was closed' },
  { name: 'deposit.created', source: topics.trade, description: 'Money was put into a trading account' },
  { name: 'withdrawal.created', source: topics.trade, description: 'Money was taken out of a trading account' },
  { name: 'account:added', source: topics.account, description: 'A trading account was added' },
  { name: 'account:updated', source: topics.account, description: 'A trading account was changed' },
  { name: 'account:deleted', source: topics.account, description: 'A trading account was deleted' },
  { name: 'customer.registered', source: topics.crm, description: 'A new customer signed up' },
  { name: 'customer.deposited', source: topics.crm, description: 'A deposit was approved' },
  { name: 'customer.ftd', source: topics.crm, description: 'A first-time deposit was confirmed' },
  { name: 'customer.withdrew', source: topics.crm, description: 'A withdrawal was processed' },
  { name: 'customer.traded', source: topics.crm, description: 'A customer opened a trade' },
  { name: 'customer.status_changed', source: topics.crm, description: 'A sales or KYC status was updated' },
  { name: 'customer.risk_changed', source: topics.crm, description: 'An action changed the risk level' },
  { name: 'customer.active_changed', source: topics.crm, description: 'An action switched a customer on or off' },
  { name: 'customer.assigned', source: topics.crm, description: 'An action assigned a customer to a manager' },
  { name: 'customer.retention_changed', source: topics.crm, description: 'The retention classification changed' },
  { name: 'call.no_answer', source: topics.crm, description: 'A VoIP call was not answered' },
  { name: 'call.completed', source: topics.crm, description: 'A VoIP call was completed' },
  { name: 'task.created', source: topics.crm, description: 'An action created a task' },
  { name: 'task.overdue', source: topics.crm, description: 'A task is past its due date' },
  { name: 'customer.inactive_days', source: topics.crm, description: 'No activity for event.inactive_days days' },
  { name: 'account.frozen', source: topics.crm, description: 'An action froze accounts' },
  {
    name: requestTrigger,
    source: 'incoming webhooks',
    description: 'An incoming webhook created a request of a process',
  },
  { name: 'note.added', source: topics.crm, description: 'An action added a note' },
];

const sources = new Map(knownTriggers.map(({ name, source }) => [name, source]));

export function isKnownTrigger(name: string): boolean {
  return sources.has(name);
}

/** @returns the topic whose records alone fire the trigger, or null: CRM events may be of this type */
export function findBrokerTopic(trigger: string): string | null {
  const source = sources.get(trigger);
  return source === undefined || source === topics.crm ? null : source;
}
