/** An event to begin with, where none is at hand: as it would be published to the topic. */

type JsonObject = Record<string, unknown>;

export const eventTopics = ['crm.events', 'trade.push', 'account.push'] as const;
export type EventTopic = (typeof eventTopics)[number];

const commands: Readonly<Record<string, JsonObject>> = {
  'trade.opened': { event: 'EV_RECORD_ADD', cmd: 'OP_BUY' },
  'trade.closed': { event: 'EV_RECORD_CLOSE_TRADE', cmd: 'OP_BUY' },
  'deposit.created': { event: 'EV_RECORD_ADD', cmd: 'OP_BALANCE_IN' },
  'withdrawal.created': { event: 'EV_RECORD_ADD', cmd: 'OP_BALANCE_OUT' },
};

const changes: Readonly<Record<string, string>> = {
  'account:added': 'EV_RECORD_ADD',
  'account:updated': 'EV_RECORD_UPDATE',
  'account:deleted': 'EV_RECORD_DELETE',
};

/** The topic that events of the trigger come from. */
export function topicFor(trigger: string): EventTopic {
  if (Object.hasOwn(commands, trigger)) return 'trade.push';
  return Object.hasOwn(changes, trigger) ? 'account.push' : 'crm.events';
}

/** No account need have it. */
const anyLogin = 1001;

/**
 * @param topic that events of the trigger come from
 * @param login of an account that there is: without one nothing runs for an event of the trading platform
 */
export function exampleEvent(trigger: string, topic: string, login: number | null): JsonObject {
  const head = { id: 'example-1', occurredAt: '2026-01-31T12:00:00.000Z' };
  const trade = commands[trigger];
  if (topic === 'trade.push' && trade !== undefined) {
    const { event, cmd } = trade;
    const record = {
      order: 1,
      login: login ?? anyLogin,
      cmd,
      volume: 100,
      close_price: 0,
      symbol: 'EURUSD',
      comment: '',
      amount_usd: 9000,
    };
    return { ...head, event, record };
  }
  const change = changes[trigger];
  if (topic === 'account.push' && change !== undefined) {
    const record = {
      login: login ?? anyLogin,
      group: 'demo',
      name: 'Ada',
      email: 'ada@example.com',
      country: 'GB',
      enable: 1,
      leverage: 10_000,
    };
    return { ...head, event: change, record };
  }
  return { ...head, type: trigger, customerId: 'C-1001', data: { amount: 9000 } };
}
