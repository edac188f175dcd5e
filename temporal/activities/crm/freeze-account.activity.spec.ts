import { describe, expect, it } from 'vitest';
import type { Account } from '#libs/domain/directory/account.ts';
import type { ActionTarget } from '#temporal/contract/activities.ts';
import { freezeAccountActivity } from './freeze-account.activity.ts';

const subject: ActionTarget = {
  key: 'r-1:e-1/action-0',
  executionId: 'r-1:e-1',
  tenant: 'acme',
  ruleId: 'r-1',
  ruleName: 'Chargeback',
  eventId: 'e-1',
  customerId: 'c-1',
  login: 1001,
};

const groupOf = (login: number): string =>
  login === 7001 ? 'real-default' : login < 8000 ? 'real-acme' : login < 9000 ? 'demo' : 'real-other';

/**
 * @param known logins the directory has; those from 9000 on belong to another brand, those from 8000 on to none
 * @param linked those of the customer, null = there is no such customer, 'too many' = more than are looked at
 */
function setUp(known: number[], linked: number[] | 'too many' | null = []) {
  const accountOf = (login: number): Account | null =>
    known.includes(login) ? { login, group: groupOf(login) } : null;
  const calls: { logins: number[]; reason: string; key: string }[] = [];
  const freeze = freezeAccountActivity({
    accounts: (logins) => {
      const found = Array.from(logins, accountOf).filter((account) => account !== null);
      return Promise.resolve(new Map(found.map((account) => [account.login, account])));
    },
    groups: () =>
      Promise.resolve(
        new Map([
          ['real-acme', { name: 'real-acme', brand: 'acme' }],
          ['real-default', { name: 'real-default', brand: 'default' }],
          ['real-other', { name: 'real-other', brand: 'other' }],
          ['demo', { name: 'demo', brand: null }],
        ]),
      ),
    customer: (id) => Promise.resolve(linked && { id }),
    customerAccounts: (ids) => {
      const [id] = [...ids];
      if (linked === 'too many') return Promise.resolve(new Map([[id!, null]]));
      const histories = (linked ?? []).map((login) => ({ login, account: accountOf(login), placements: [] }));
      return Promise.resolve(new Map(histories.length === 0 ? [] : [[id!, histories]]));
    },
    freezeAccounts: (logins, { reason }, key) => {
      calls.push({ logins, reason, key });
      const [frozen, unknown] = [true, false].map((isKnown) => logins.filter((one) => known.includes(one) === isKnown));
      return Promise.resolve({ frozen: frozen!, already: [], unknown: unknown! });
    },
  });
  return { calls, freeze };
}

describe('freeze_account', () => {
  it("R-175 freezes the event's account alone when it has one", async () => {
    const { calls, freeze } = setUp([1001, 2002], [1001, 2002]);
    expect(await freeze({ ...subject, reason: 'Stolen card' })).toEqual({
      detail: 'frozen: 1001',
      report: {
        code: 'accounts_frozen',
        params: { frozen: [1001], frozen_before: [], not_in_directory: [], has_foreign: false },
      },
      emits: [{ type: 'account.frozen', data: { logins: [1001], reason: 'Stolen card' }, at: expect.any(String) }],
    });
    expect(calls).toEqual([{ logins: [1001], reason: 'Stolen card', key: subject.key }]);
  });

  it('R-175 freezes every account of the customer when the event has none', async () => {
    const { calls, freeze } = setUp([1001], [1001, 2002]);
    expect(await freeze({ ...subject, login: null, reason: null })).toMatchObject({
      detail: 'frozen: 1001; not in the directory: 2002',
    });
    // Whose account 2002 will be is not known.
    expect(calls).toEqual([{ logins: [1001], reason: 'Chargeback', key: subject.key }]);
  });

  it('leaves accounts of other brands alone', async () => {
    const { calls, freeze } = setUp([1001, 9001], [1001, 9001]);
    expect(await freeze({ ...subject, login: null, reason: null })).toMatchObject({
      detail: 'frozen: 1001; those of another brand left alone',
      emits: [{ data: { logins: [1001] } }],
    });
    expect(calls).toMatchObject([{ logins: [1001] }]);
  });

  it.each([
    ['the account of the event', { login: 9001 }, 'The accounts 9001'],
    ['every account of the customer', { login: null }, 'The accounts of customer c-1'],
  ])('refuses when %s belongs to another brand', async (_what, more, named) => {
    const { calls, freeze } = setUp([9001], [9001]);
    const failed = freeze({ ...subject, ...more, reason: null });
    await expect(failed).rejects.toMatchObject({
      code: 'account_not_found',
      retryable: false,
      message: expect.stringContaining(`${named} belong to no group of brand "acme"`),
    });
    expect(calls).toEqual([]);
  });

  it('freezes no account of a brand for an event that names none', async () => {
    const { calls, freeze } = setUp([1001, 8001, 9001], [1001, 8001, 9001]);
    const ofNoBrand = { ...subject, tenant: null, login: null, reason: null };
    expect(await freeze(ofNoBrand)).toMatchObject({
      detail: 'frozen: 8001; those of another brand left alone',
    });
    expect(calls).toMatchObject([{ logins: [8001] }]);
    const failed = setUp([1001, 9001], [1001, 9001]).freeze(ofNoBrand);
    await expect(failed).rejects.toMatchObject({
      code: 'account_not_found',
      message: expect.stringContaining('publish it with its brand'),
    });
  });

  it('takes a brand that is called "default" for a brand', async () => {
    const { calls, freeze } = setUp([7001, 8001], [7001, 8001]);
    await freeze({ ...subject, tenant: 'default', login: null, reason: null });
    await freeze({ ...subject, tenant: null, login: null, reason: null });
    expect(calls.map(({ logins }) => logins)).toEqual([[7001], [8001]]);
  });

  it.each([
    ['an account the directory does not have', {}, [], /no account 1001 in the directory: load it/],
    ['a customer without accounts', { login: null }, [], /Customer c-1 has no account: link one/],
    ['neither account nor customer', { login: null, customerId: null }, [], /publish it with login or customerId/],
  ])('fails for good for %s, saying what to mend', async (_what, more, linked, message) => {
    const { freeze } = setUp([], linked);
    const failed = freeze({ ...subject, ...more, reason: null });
    await expect(failed).rejects.toMatchObject({
      code: 'account_not_found',
      retryable: false,
      message: expect.stringMatching(message),
    });
  });

  it('fails for good, and freezes nothing, for a customer with more accounts than are looked at', async () => {
    const { calls, freeze } = setUp([1001], 'too many');
    await expect(freeze({ ...subject, login: null, reason: null })).rejects.toMatchObject({
      code: 'too_many_accounts',
      retryable: false,
      message: expect.stringMatching(/more accounts than CUSTOMER_ACCOUNTS_MAX.*event with login/),
    });
    expect(calls).toEqual([]);
    expect(await freeze({ ...subject, reason: null })).toMatchObject({ detail: 'frozen: 1001' });
  });

  it('fails for good for an unknown customer', async () => {
    const failed = setUp([], null).freeze({ ...subject, login: null, reason: null });
    await expect(failed).rejects.toMatchObject({ code: 'customer_not_found' });
  });
});
