import { describe, expect, it } from 'vitest';
import { ruleSentence } from './rule-sentence.ts';

const rule = {
  name: 'Large withdrawals',
  trigger_event: 'withdrawal.created',
  conditions: { match: 'all', rules: [{ field: 'amount_usd', operator: 'gt', value: 5000 }] },
  actions: [
    {
      type: 'approval.request',
      params: { title: 'Pay out?', approvers: { roles: ['SESSION_MANAGER'] }, expires_in: { value: 1, unit: 'days' } },
    },
    { type: 'notify.manager', params: { manager_id: 7, title: 'Large withdrawal' } },
  ],
};

describe('a rule as a sentence', () => {
  it('says in English what it does', () => {
    expect(ruleSentence(rule, 'en', (_kind, value) => (value === 7 ? 'Ada' : null) ?? String(value))).toBe(
      'When money is withdrawn from a trading account, if amount in US dollars is more than 5,000: ask a manager for approval “Pay out?” within 1 day and wait; then notify Ada “Large withdrawal”.',
    );
  });

  it('says the same in German', () => {
    expect(ruleSentence(rule, 'de')).toBe(
      'Wenn Geld von einem Handelskonto ausgezahlt wird und dabei gilt: Betrag in US-Dollar ist größer als 5.000: Freigabe „Pay out?“ einholen (ein Manager, Frist 1 Tag) und warten; dann 7 benachrichtigen „Large withdrawal“.',
    );
  });

  it.each([
    [undefined, 'When a customer signs up: do nothing yet.'],
    [[], 'When a customer signs up: do nothing yet.'],
    [{ match: 'any', rules: [] }, 'When a customer signs up, if never: do nothing yet.'],
    [
      { not: { field: 'brand', operator: 'is_null' } },
      'When a customer signs up, if it is not so that brand is missing: do nothing yet.',
    ],
    [
      {
        match: 'any',
        rules: [
          { field: 'customer.country', operator: 'in', value: ['BR', 'AR'] },
          {
            match: 'all',
            rules: [
              { field: 'event.amount', operator: 'between', value: [1, 2] },
              { field: 'event.x', operator: 'eq', value: true },
            ],
          },
        ],
      },
      'When a customer signs up, if country of the customer is one of “BR”, “AR” or (amount of the event is between 1 and 2 and event.x is true): do nothing yet.',
    ],
    ['odd', 'When a customer signs up, if a condition that cannot be read: do nothing yet.'],
  ])('tells conditions %#', (conditions, sentence) => {
    expect(ruleSentence({ trigger_event: 'customer.registered', conditions }, 'en')).toBe(sentence);
  });

  it('tells how often it runs', () => {
    const bounded = {
      trigger_event: 'a.b',
      re_enroll: { value: 7, unit: 'days' },
      limit: { count: 200, per: { value: 1, unit: 'hours' } },
      stop_after: true,
      brand: 'alder',
    };
    expect(ruleSentence(bounded, 'en')).toBe(
      'When the event “a.b” comes (brand alder): do nothing yet. For each customer at most once in 7 days. Beyond 200 runs in 1 hour, further ones are held. Later rules are held back.',
    );
  });

  it('stays short and never throws, whatever the rule is like', () => {
    let deep: unknown = { field: 'brand', operator: 'is_null' };
    for (let level = 0; level < 100_000; level += 1) deep = { not: deep };
    const many = {
      match: 'all',
      rules: Array.from({ length: 10_000 }, () => ({ field: 'brand', operator: 'eq', value: 'x'.repeat(1000) })),
    };
    const list = Array.from({ length: 10_000 }, (_, index) => index);
    const odd = [
      null,
      5,
      { match: 'all', rules: [{ rules: 5 }, []] },
      { field: 'constructor', operator: 'toString', value: {} },
    ];
    for (const conditions of [deep, many, { field: 'a', operator: 'in', value: list }, ...odd]) {
      for (const language of ['en', 'de']) {
        const actions = [
          null,
          { type: 'constructor' },
          { type: 'delay', params: null },
          { type: 'approval.request', params: { approvers: 5, title: {} } },
        ];
        expect(ruleSentence({ trigger_event: 5, conditions, actions }, language).length).toBeLessThan(3000);
      }
    }
  });
});
