import { describe, expect, it } from 'vitest';
import { RuleIndex } from '../matching/rule-index.ts';
import { aContext, aRule } from '../testing/samples.ts';
import { parseAccountTrigger, accountTrigger, isKnownTrigger, knownTriggers, tradeTrigger } from './triggers.ts';

describe('triggers of trade records', () => {
  it.each([
    ['R-010', 'EV_RECORD_ADD', 'OP_BUY', 'trade.opened'],
    ['R-011', 'EV_RECORD_ADD', 'OP_SELL', 'trade.opened'],
    ['R-012', 'EV_RECORD_ACTIVATE_TRADE', 'OP_BUY', 'trade.opened'],
    ['R-013', 'EV_RECORD_ACTIVATE_TRADE', 'OP_SELL', 'trade.opened'],
    ['R-014', 'EV_RECORD_CLOSE_TRADE', 'OP_BUY', 'trade.closed'],
    ['R-015', 'EV_RECORD_CLOSE_TRADE', 'OP_SELL', 'trade.closed'],
    ['R-016', 'EV_RECORD_ADD', 'OP_BALANCE_IN', 'deposit.created'],
    ['R-017', 'EV_RECORD_ADD', 'OP_BALANCE_OUT', 'withdrawal.created'],
  ])('%s maps %s with %s to %s', (_number, recordEvent, command, trigger) => {
    expect(tradeTrigger(recordEvent, command)).toBe(trigger);
  });

  it.each(['OP_BUY_LIMIT', 'OP_SELL_STOP', 'OP_CREDIT', 'op_buy', '', 'constructor'])(
    'R-021 starts nothing for the trade command "%s"',
    (command) => {
      for (const event of ['EV_RECORD_ADD', 'EV_RECORD_ACTIVATE_TRADE', 'EV_RECORD_CLOSE_TRADE']) {
        expect(tradeTrigger(event, command)).toBeNull();
      }
    },
  );

  it.each(['EV_RECORD_CLOSE_TRADE', 'EV_RECORD_ACTIVATE_TRADE'])(
    'R-022 starts nothing for %s with a balance command',
    (event) => {
      expect(tradeTrigger(event, 'OP_BALANCE_IN')).toBeNull();
      expect(tradeTrigger(event, 'OP_BALANCE_OUT')).toBeNull();
    },
  );

  it.each(['EV_RECORD_UPDATE', 'EV_RECORD_DELETE', 'EV_RECORD_OTHER', '', '__proto__'])(
    'R-023 starts nothing for the trade record event "%s"',
    (event) => {
      for (const command of ['OP_BUY', 'OP_SELL', 'OP_BALANCE_IN', 'OP_BALANCE_OUT']) {
        expect(tradeTrigger(event, command)).toBeNull();
      }
    },
  );
});

describe('triggers of account records', () => {
  it.each([
    ['R-018', 'EV_RECORD_ADD', 'account:added'],
    ['R-019', 'EV_RECORD_UPDATE', 'account:updated'],
    ['R-020', 'EV_RECORD_DELETE', 'account:deleted'],
  ])('%s maps %s to %s, with a colon', (_number, recordEvent, trigger) => {
    const change = parseAccountTrigger(recordEvent);
    expect(change === null ? null : accountTrigger(change)).toBe(trigger);
  });

  it.each(['EV_RECORD_CLOSE_TRADE', 'EV_RECORD_ACTIVATE_TRADE', 'constructor'])('starts nothing for %s', (event) => {
    expect(parseAccountTrigger(event)).toBeNull();
  });
});

describe('the list of known triggers', () => {
  it('has the 7 of the broker, the 11 of the CRM, the 6 that only actions emit, and the one of requests', () => {
    const countOf = (source: string): number => knownTriggers.filter((trigger) => trigger.source === source).length;
    expect(['trade.push', 'account.push', 'crm.events', 'incoming webhooks'].map(countOf)).toEqual([4, 3, 17, 1]);
    expect(new Set(knownTriggers.map(({ name }) => name)).size).toBe(25);
  });
});

describe('triggers of CRM events', () => {
  it.each([
    ['R-130', 'customer.registered'],
    ['R-131', 'customer.deposited'],
    ['R-132', 'customer.ftd'],
    ['R-133', 'customer.withdrew'],
    ['R-134', 'customer.traded'],
    ['R-135', 'customer.status_changed'],
    ['R-136', 'customer.retention_changed'],
    ['R-137', 'call.no_answer'],
    ['R-138', 'call.completed'],
    ['R-139', 'task.overdue'],
    ['R-140', 'customer.inactive_days'],
  ])('%s %s is known and starts its rules, and no others', (_number, trigger) => {
    expect(isKnownTrigger(trigger)).toBe(true);
    const index = new RuleIndex();
    for (const { name } of knownTriggers) index.put(aRule({ id: name.replace(':', '-'), trigger_event: name }));
    expect(index.match(trigger, aContext()).matched.map(({ rule }) => rule.trigger_event)).toEqual([trigger]);
  });

  it('R-141 an event type that no list names is a trigger like any other', () => {
    const index = new RuleIndex();
    index.put(aRule({ id: 'new', trigger_event: 'card.blocked' }));
    expect(isKnownTrigger('card.blocked')).toBe(false);
    expect(index.match('card.blocked', aContext()).matched).toHaveLength(1);
    expect(index.match('card', aContext()).matched).toHaveLength(0);
  });
});
