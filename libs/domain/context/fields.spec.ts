import { describe, expect, it } from 'vitest';
import type { RuntimeContext } from './evaluation-context.ts';
import { builtInFields, fieldsWithStatuses, isKnownField } from './fields.ts';
import { compileConditions } from '../matching/condition-program.ts';
import type { Operator } from '../rules/rule.ts';
import { predicate } from '../testing/samples.ts';
import { validateRule } from '../validation/validate-rule.ts';

const context: RuntimeContext = {
  brand: 'north',
  amount_usd: 250.5,
  event: { amount: 1200, inactive_days: 30 },
  trade: {
    order: 900_001,
    login: 5001,
    cmd: 'OP_SELL',
    volume: 1000,
    close_price: 1.0842,
    symbol: 'EURUSD',
    comment: 'copied from 77',
  },
  account: {
    login: 5001,
    group: 'north-usd',
    name: 'Ana Souza',
    email: 'Ana@Example.com',
    country: 'BR',
    enable: true,
    leverage: 100,
  },
  customer: {
    id: 'c-1',
    country: 'BR',
    language: 'pt',
    email: 'ana@example.com',
    kyc_status: 'approved',
    kyc_current_level: 2,
    risk_level: 'high',
    sales_status_id: 7,
    retention_status: 'churning',
  },
  order: { symbol: 'XAUUSD' },
  transaction: { type: 'card' },
};

/** Field, a condition that holds for the context above, and one that does not. */
const cases: [number: string, field: string, holds: [Operator, unknown], fails: [Operator, unknown]][] = [
  ['R-044', 'brand', ['eq', 'north'], ['eq', 'south']],
  ['R-045', 'amount_usd', ['gte', 250.5], ['gt', 250.5]],
  ['R-046', 'trade.order', ['eq', 900_001], ['lt', 900_001]],
  ['R-047', 'trade.login', ['in', [5001, 5002]], ['eq', 5002]],
  ['R-048', 'trade.cmd', ['eq', 'OP_SELL'], ['eq', 'OP_BUY']],
  ['R-049', 'trade.volume', ['between', [900, 1000]], ['gt', 1000]],
  ['R-051', 'trade.close_price', ['lt', 1.09], ['gte', 1.09]],
  ['R-052', 'trade.symbol', ['starts_with', 'EUR'], ['eq', 'GBPUSD']],
  ['R-053', 'trade.comment', ['contains', 'copied'], ['regex', '^manual']],
  ['R-054', 'account.login', ['eq', 5001], ['neq', 5001]],
  ['R-055', 'account.group', ['ends_with', '-usd'], ['ends_with', '-eur']],
  ['R-056', 'account.name', ['regex', 'Souza$'], ['eq', 'Ana']],
  ['R-057', 'account.email', ['eq', 'ana@example.com'], ['eq', 'eva@example.com']],
  ['R-058', 'account.country', ['in', ['br', 'ar']], ['not_in', ['BR']]],
  ['R-059', 'account.enable', ['eq', 1], ['eq', false]],
  ['R-060', 'account.leverage', ['lte', 100], ['gt', 100]],
  ['R-061', 'customer.country', ['eq', 'BR'], ['eq', 'AR']],
  ['R-062', 'customer.language', ['eq', 'pt'], ['eq', 'es']],
  ['R-063', 'customer.email', ['ends_with', '@EXAMPLE.com'], ['is_null', undefined]],
  ['R-064', 'customer.kyc_status', ['eq', 'approved'], ['eq', 'pending']],
  ['R-065', 'customer.kyc_current_level', ['gte', 2], ['gte', 3]],
  ['R-066', 'customer.risk_level', ['eq', 'high'], ['eq', 'low']],
  ['R-154', 'customer.country', ['eq', 'br'], ['neq', 'BR']],
  ['R-155', 'customer.sales_status_id', ['eq', '7'], ['eq', 8]],
  ['R-156', 'customer.retention_status', ['eq', 'churning'], ['eq', 'loyal']],
  ['R-157', 'event.amount', ['gte', 1200], ['gt', 1200]],
  ['R-158', 'order.symbol', ['eq', 'XAUUSD'], ['eq', 'EURUSD']],
  ['R-159', 'transaction.type', ['eq', 'card'], ['eq', 'wire']],
];

describe('condition fields', () => {
  it.each(cases)('%s %s can be conditioned on', (_number, field, holds, fails) => {
    const evaluate = ([operator, value]: [Operator, unknown], of: RuntimeContext): boolean => {
      const conditions = predicate(field, operator, value);
      const rule = { name: 'r', trigger_event: 'trade.opened', conditions, actions: [{ type: 'notify.manager' }] };
      expect(validateRule(rule)).toMatchObject({ errors: [], warnings: [] });
      return compileConditions(conditions).evaluate(of);
    };
    expect(evaluate(holds, context)).toBe(true);
    expect(evaluate(fails, context)).toBe(false);
    // What holds for the value does not come from the field being missing.
    expect(evaluate(holds, { brand: null, event: {} })).toBe(false);
  });

  it('R-050 trade.volume counts hundredths of a lot: 10 lots are 1000', () => {
    expect(builtInFields.find(({ path }) => path === 'trade.volume')).toMatchObject({
      type: 'integer',
      unit: '100 = 1.00 lot',
    });
    const tenLots = compileConditions(predicate('trade.volume', 'gte', 1000));
    expect(tenLots.evaluate({ ...context, trade: { login: 1, cmd: 'OP_BUY', volume: 1000 } })).toBe(true);
    expect(tenLots.evaluate({ ...context, trade: { login: 1, cmd: 'OP_BUY', volume: 999 } })).toBe(false);
  });

  it('R-067 customer conditions evaluate on an account without customer', () => {
    const { customer, ...withoutCustomer } = context;
    expect(customer).toBeDefined();
    for (const { path } of builtInFields.filter((field) => field.path.startsWith('customer.'))) {
      const evaluate = (operator: Operator, value?: unknown): boolean =>
        compileConditions(predicate(path, operator, value)).evaluate(withoutCustomer);
      expect(evaluate('eq', 'BR')).toBe(false);
      expect(evaluate('gte', 1)).toBe(false);
      expect(evaluate('neq', 'BR')).toBe(true);
      expect(evaluate('not_in', ['BR'])).toBe(true);
      expect(evaluate('is_null')).toBe(true);
    }
  });

  it('R-068 simple conditions and trees are one and the same form', () => {
    const flat = [predicate('trade.symbol', 'eq', 'EURUSD'), predicate('customer.country', 'eq', 'BR')];
    const tree = { match: 'all', rules: flat };
    const base = { name: 'r', trigger_event: 'trade.opened', actions: [{ type: 'notify.manager' }] };
    const fromFlat = validateRule({ ...base, conditions: flat });
    expect(fromFlat.rule?.conditions).toEqual(tree);
    expect(fromFlat.rule).toEqual(validateRule({ ...base, conditions: tree }).rule);
  });
});

describe('known fields', () => {
  it('are the listed ones and whatever lies below the open roots', () => {
    const open = ['event.anything.at.all', 'order.id', 'task.due', 'call.agent', 'transaction.psp'];
    for (const path of ['brand', ...open, 'event.constructor', 'event.__proto__.x', 'event.prototype']) {
      expect(isKnownField(path)).toBe(true);
    }
    const unknown = ['customer.nonsense', 'trade.profit', 'account.x', 'event', 'event.', 'event..a', 'amount', ''];
    for (const path of [
      ...unknown,
      '__proto__.x',
      'constructor',
      'customer.constructor',
      'event.a b',
      `event.${'x'.repeat(300)}`,
    ]) {
      expect(isKnownField(path)).toBe(false);
    }
  });

  it('take values and new fields from the statuses table', () => {
    const fields = fieldsWithStatuses([
      { id: 7, type: 'sales', code: 'vip', label: 'VIP' },
      { id: 1, type: 'loyalty', code: 'gold' },
      { id: 2, type: 'loyalty', code: 'silver', label: 'Silver' },
      { id: 3, type: 'bad type', code: 'x' },
    ]);
    expect(fields.find(({ path }) => path === 'customer.sales_status_id')?.values).toEqual([
      { value: 7, label: 'VIP' },
    ]);
    expect(fields.find(({ path }) => path === 'customer.sales_status')?.values).toEqual([
      { value: 'vip', label: 'VIP' },
    ]);
    const loyalty = fields.find(({ path }) => path === 'customer.loyalty_status_id');
    expect(loyalty).toMatchObject({
      type: 'id',
      values: [
        { value: 1, label: 'gold' },
        { value: 2, label: 'Silver' },
      ],
    });
    expect(fields).toHaveLength(builtInFields.length + 1);
    expect(isKnownField('customer.loyalty_status_id')).toBe(false);
    expect(isKnownField('customer.loyalty_status_id', fields)).toBe(true);
    expect(builtInFields.find(({ path }) => path === 'customer.sales_status_id')?.values).toBeUndefined();
  });
});
